"""What an audit checks about the services of the authority: whether the record covers them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.processing import ProcessingActivity
from registers.services import Service

RULES: Final = RuleBook(Service)


def _with(activity: ProcessingActivity) -> Case:
    permit = Service(name="Bewohnerparkausweis", key="122.05")
    return Case(permit, Situation(date(2026, 3, 2), near={"ProcessingActivity": [activity]}))


@RULES.rule(
    "SRV-001",
    Severity.HINT,
    "Art. 30 Abs. 1 DSGVO",
    field="without_personal_data",
    says=Text(
        "Zu dieser Leistung gibt es keine Verarbeitungstätigkeit im Verzeichnis.",
        "The record holds no processing activity for this service.",
    ),
    remedy=Text(
        "Eine Verarbeitungstätigkeit anlegen oder eine vorhandene mit der Leistung verknüpfen. Kommt die "
        "Leistung ohne personenbezogene Daten aus, das mit einem Grund festhalten.",
        "Create a processing activity or link an existing one to the service. If the service does without "
        "personal data, note that with a reason.",
    ),
    reads=(Reads("ProcessingActivity", "services", ("state",)),),
    breaks=lambda: _with(ProcessingActivity(name="Bewohnerparken", state=State.ENDED)),
    keeps=lambda: _with(ProcessingActivity(name="Bewohnerparken", state=State.DRAFT)),
)
def _service_is_covered(service: Service, situation: Situation) -> Iterable[Hit]:
    covering = situation.near.get("ProcessingActivity", ())
    covered = any(activity.state is not State.ENDED for activity in covering)
    if not covered and service.without_personal_data is not True and service.state is not State.ENDED:
        yield Hit()
