"""Domains stored before their catalogue was a choice keep what was said about it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from compliance.migrations.carry_catalogues import choose_catalogues, note_unneeded

CITY, HARBOUR, SCHOOL, NEW = (uuid.UUID(int=number) for number in range(1, 5))


def _tables() -> tuple[sa.Table, sa.Table]:
    metadata = sa.MetaData()
    words = ("state", "approach", "scope", "catalogue", "catalogue_version", "name")
    domains = sa.Table(
        "information_domain",
        metadata,
        sa.Column("organisation_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        *(sa.Column(name, sa.String()) for name in words),
    )
    organisations = sa.Table(
        "organisation",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("unneeded", sa.String(), server_default="", nullable=False),
    )
    return domains, organisations


def test_words_about_another_catalogue_stay_in_the_scope() -> None:
    domains, _organisations = _tables()
    engine = sa.create_engine("sqlite://")
    said = {
        "usual": ("IT-Grundschutz-Kompendium, Edition 2023", "Rathaus"),
        "none": ("", "Rathaus"),
        "other": ("B3S Wasser", "Wasserwerk"),
        "alone": ("Edition 2022", ""),
    }
    with engine.begin() as connection:
        domains.metadata.create_all(connection)
        for name, (version, scope) in said.items():
            row = {"organisation_id": CITY, "id": uuid.uuid4(), "name": name, "state": "DRAFT"}
            connection.execute(sa.insert(domains).values(**row, catalogue_version=version, scope=scope))
        choose_catalogues(connection)
        rows = connection.execute(sa.select(domains.c.name, domains.c.catalogue, domains.c.scope)).all()
    assert {name: (catalogue, scope) for name, catalogue, scope in rows} == {
        "usual": ("KOMPENDIUM_2023", "Rathaus"),
        "none": ("KOMPENDIUM_2023", "Rathaus"),
        "other": ("KOMPENDIUM_2023", "Wasserwerk\n\nKatalog und Fassung: B3S Wasser"),
        "alone": ("KOMPENDIUM_2023", "Katalog und Fassung: Edition 2022"),
    }
    engine.dispose()


def test_only_who_has_nothing_but_basic_domains_has_no_use_for_needs_and_risks() -> None:
    domains, organisations = _tables()
    engine = sa.create_engine("sqlite://")
    chosen = {
        CITY: (("BASIC", "DRAFT"), ("WIBA", "RELEASED"), ("STANDARD", "ENDED")),
        HARBOUR: (("BASIC", "DRAFT"), ("CORE", "DRAFT")),
        SCHOOL: (("BASIC", "DRAFT"), (None, "DRAFT")),
        NEW: (),
    }
    with engine.begin() as connection:
        domains.metadata.create_all(connection)
        for organisation, approaches in chosen.items():
            connection.execute(sa.insert(organisations).values(id=organisation))
            for approach, state in approaches:
                row = {"organisation_id": organisation, "id": uuid.uuid4()}
                connection.execute(sa.insert(domains).values(**row, approach=approach, state=state))
        note_unneeded(connection)
        found = dict(connection.execute(sa.select(organisations.c.id, organisations.c.unneeded)).all())
    assert found == {CITY: "need-categories risk-analyses", HARBOUR: "", SCHOOL: "", NEW: ""}
    engine.dispose()
