"""What the demo city shows to everybody: activities, notices, and what impact assessments came to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia import public_summary
from assessments.dpia.dpia import Dpia
from compliance.access import Identity
from compliance.database import Actor, now, today
from compliance.entry import State, everything
from compliance.people import Role
from compliance.web.site import Site
from exports.letters import plain_text
from exports.reports.notice import notice
from exports.reports.register import Issuer
from registers.authority import Authority, authority_of
from registers.notices import record_publication
from registers.processing import ProcessingActivity, ProvisionDuty
from registers.publication import PublicField, publish, switch_public_register

PUBLIC_NAME: Final = "wardersund"

_PUBLISHED: Final = ("Schülerbeförderung", "Benutzung des Stadtarchivs", "Hundesteuer")
_NOTICES: Final = ("Wohngeld", "Schülerbeförderung")
_OUT_OF_DATE: Final = "Schülerbeförderung"


def load_publications(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Publishes notices and activities that were released before."""
    with site.database.writing(actor=Actor("Einrichtung der Demo")) as session:
        switch_public_register(session, organisation, PUBLIC_NAME, on=True)
    coordinator, management = people[Role.COORDINATOR], people[Role.MANAGEMENT]
    with site.database.writing(organisation, actor=_actor(coordinator)) as session:
        for activity in _called(session, _NOTICES):
            _publish_notice(session, activity, authority_of(session), coordinator)
    with site.database.writing(organisation, actor=_actor(coordinator)) as session:
        for activity in _called(session, (_OUT_OF_DATE,)):
            activity.provision_duty = ProvisionDuty.NEEDED
            activity.provision_consequences = "Ohne Angaben zur Schule wird keine Fahrkarte ausgestellt."
    with site.database.writing(organisation, actor=_actor(management)) as session:
        authority = authority_of(session)
        for activity in _called(session, _PUBLISHED):
            if activity.state is State.RELEASED:
                publish(session, activity, authority, tuple(PublicField), by=management)
        written = select(Dpia).where(Dpia.state == State.RELEASED, Dpia.public_project != "")
        for dpia in session.scalars(written.order_by(Dpia.number)):
            public_summary.publish(session, dpia, authority, by=management)


def _actor(identity: Identity) -> Actor:
    return Actor(identity.name, identity.person_id)


def _called(session: Session, names: tuple[str, ...]) -> list[ProcessingActivity]:
    query = select(ProcessingActivity).where(ProcessingActivity.name.in_(names))
    query = query.order_by(ProcessingActivity.number).options(*everything(ProcessingActivity))
    return list(session.scalars(query))


def _publish_notice(
    session: Session, activity: ProcessingActivity, authority: Authority | None, by: Identity
) -> None:
    letter = notice(activity, authority, Issuer(by.organisation, now(), "de"))
    on, place = today() - timedelta(days=30), activity.notice_link
    record_publication(session, activity, on, place, plain_text(letter.document), by=by)
