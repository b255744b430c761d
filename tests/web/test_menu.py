"""The menu shows the registers of those steps that the organisation takes."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.entry import State, everything
from compliance.people import Organisation, Role
from tests.browsers import Browsers
from tests.city import City

RAISED = {"Risikoanalysen", "Schutzbedarfskategorien"}


def offered(browsers: Browsers) -> set[str]:
    """The registers for raised needs that the menu of the ISB offers."""
    links = {" ".join(each.text.split()) for each in browsers.of(Role.ISB).page("/").all("a")}
    assert "Informationsverbünde" in links
    return links & RAISED


def change(city: City, number: int, **answers: Any) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        query = select(InformationDomain).where(InformationDomain.number == number)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        for name, value in answers.items():
            setattr(domain, name, value)


def test_the_menu_leaves_out_needs_and_risks_where_every_domain_is_basic(
    city: City, browsers: Browsers
) -> None:
    shown = [offered(browsers)]
    city.save(InformationDomain(name="Kern", approach=Approach.BASIC), by=Role.ISB)
    shown.append(offered(browsers))
    city.save(InformationDomain(name="Schulen", approach=Approach.STANDARD), by=Role.ISB)
    shown.append(offered(browsers))
    change(city, 2, approach=Approach.WIBA)
    shown.append(offered(browsers))
    change(city, 2, approach=Approach.CORE)
    shown.append(offered(browsers))
    change(city, 2, state=State.ENDED)
    shown.append(offered(browsers))
    change(city, 1, approach=None)
    shown.append(offered(browsers))
    assert shown == [RAISED, set(), RAISED, set(), RAISED, set(), RAISED]


def test_the_menu_of_another_organisation_stays_as_it_is(city: City, browsers: Browsers) -> None:
    city.save(InformationDomain(name="Kern", approach=Approach.BASIC), by=Role.ISB)
    other = uuid.uuid4()
    with city.site.database.writing(actor=city.actor(Role.ISB)) as session:
        session.add(Organisation(id=other, name="Zweckverband"))
    with city.site.database.writing(other, actor=city.actor(Role.ISB)) as session:
        session.add(InformationDomain(name="Werk", approach=Approach.STANDARD))
    with city.site.database.reading() as session:
        found = dict(session.execute(select(Organisation.name, Organisation.unneeded)).all())
    assert (offered(browsers), found["Zweckverband"]) == (set(), "")
