"""The documents of an information domain, written and taken back."""

from __future__ import annotations

import json
import uuid

from assessments.grundschutz.oscal_takeover import Plan, take_over
from exports.oscal import document
from exports.oscal.comparing import preview as foresee
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain


def paper(house: House, kind: str, domain_id: uuid.UUID | None = None) -> bytes:
    with house.database.reading(ORGANISATION) as session:
        return document(session, domain_id or house.domain_id, "Stadt", kind)


def preview(house: House, data: bytes, domain_id: uuid.UUID | None = None) -> Plan:
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, domain_id or house.domain_id)
        return foresee(session, domain, "Stadt", json.loads(data))


def take(house: House, data: bytes, domain_id: uuid.UUID | None = None) -> Plan:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, domain_id or house.domain_id)
        planned = foresee(session, domain, "Stadt", json.loads(data))
        take_over(session, domain, planned, by=ISB)
    return planned
