"""The demo city keeps its own service instruction as a catalogue, checks itself against it, and renews it.

The domain is checked against the version of 2025; that of 2026 is imported beside it, so that the page
shows what moving to it would change. A mapping of the city's own carries answers of the check over; one of
them was taken over, and its source was answered anew since. It is also checked
against the city's own choice from the Kompendium, a table in which modules stand with their level,
as municipal profiles have them.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Final

from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status
from assessments.grundschutz.controls import (
    CatalogueUse,
    answer_control,
    header_of,
    load_use,
    use_catalogue,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.mapping_library import control_mapping, import_mapping, pairs_of
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.own_catalogues import draft
from assessments.grundschutz.successors import take_over
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.web.site import Site

_MAPPING: Final = "house_rules_mapping.json"
_VERSIONS: Final = ("house_rules_2025.json", "house_rules_2026.json")
_PROFILE: Final = "city_profile.csv"
_PROFILE_TITLE: Final = "Basis-Profil der Stadt Wardersund"


def load_catalogues(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Imports both versions and answers the first; the information domain is stored already."""
    actor = Actor(by.name, by.person_id)
    folder = files(__package__)
    first, _second = (
        import_oscal(site.database, Source(name, folder.joinpath(name).read_bytes()), actor=actor)
        for name in _VERSIONS
    )
    told = tomllib.loads(folder.joinpath("catalogues.toml").read_text(encoding="utf-8"))
    with site.database.writing(organisation, actor=actor) as session:
        session.info["action"] = "demo"
        query = select(InformationDomain).order_by(InformationDomain.number).limit(1)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        header = control_catalogue(session, first.short)
        catalogue = contents(session, header)
        use = use_catalogue(session, domain, header, by=by)
        session.flush()
        for entry in told["answers"]:
            given = Given(
                Status[entry["status"]],
                reason=entry.get("reason", ""),
                measure=entry.get("measure", ""),
                responsible=entry.get("responsible", ""),
                due=today() + timedelta(days=entry["due"]) if "due" in entry else None,
                remark=entry.get("remark", ""),
                evidence=entry.get("evidence", ""),
            )
            key = catalogue.by_id[entry["control"]].key
            answer_control(session, use, catalogue, key, given, by=by)
    _carry_over(site, organisation, by, told["taken"])
    _use_profile(site, organisation, by)


def _carry_over(site: Site, organisation: uuid.UUID, by: Identity, told: Mapping[str, str]) -> None:
    """Takes one answer over by the city's own mapping, and then changes what it came from."""
    actor = Actor(by.name, by.person_id)
    source = Source(_MAPPING, files(__package__).joinpath(_MAPPING).read_bytes())
    short = import_mapping(site.database, source, actor=actor).short
    with site.database.writing(organisation, actor=actor) as session:
        session.info["action"] = "demo"
        use = load_use(session, session.scalars(select(CatalogueUse.id)).one())
        catalogue, header = contents(session, header_of(session, use)), control_mapping(session, short)
        key = catalogue.by_id[told["control"]].key
        take_over(session, use, catalogue, header, pairs_of(session, header), [key], by=by)
    with site.database.writing(organisation, actor=actor) as session:
        session.info["action"] = "demo"
        query = select(RequirementAnswer).where(RequirementAnswer.requirement_id == told["changed"])
        for answer in session.scalars(query.options(*everything(RequirementAnswer))):
            answer.remark, answer.answered_on = told["remark"], today()


def _use_profile(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    actor = Actor(by.name, by.person_id)
    table = files(__package__).joinpath(_PROFILE).read_bytes()
    with site.database.reading(organisation) as session:
        made = draft(session, table, _PROFILE, title=_PROFILE_TITLE, edition="2026-01-15")
    taken = import_oscal(site.database, Source(made.file_name, made.content), actor=actor)
    with site.database.writing(organisation, actor=actor) as session:
        session.info["action"] = "demo"
        query = select(InformationDomain).order_by(InformationDomain.number).limit(1)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        use_catalogue(session, domain, control_catalogue(session, taken.short), by=by)
