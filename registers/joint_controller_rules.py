"""What an audit checks about every joint controllership, Art. 26 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.joint_controllers import JointControllership, JointParty

RULES: Final = RuleBook(JointControllership)


def _platform(**others: Any) -> JointControllership:
    return JointControllership(
        **{
            "name": "Gemeinsame Mobilitätsplattform",
            "parties": [JointParty(text="Stadtwerke Musterhafen GmbH")],
            "arrangement": "Vereinbarung nach Art. 26 DSGVO, Az. 10.40-07",
            "arranged_on": date(2025, 9, 15),
            "essence_available": True,
            "essence_link": "https://www.musterhafen.example/mobil/datenschutz",
            **others,
        }
    )


@RULES.rule(
    "JC-001",
    Severity.ERROR,
    "Art. 26 Abs. 1, Abs. 2 Satz 2 DSGVO",
    field="arrangement",
    says=Text(
        "Zur gemeinsamen Verantwortung fehlt unter „{section}“ die Angabe „{field}“.",
        "The joint controllership lacks “{field}” under “{section}”.",
    ),
    remedy=Text(
        "Festlegen, wer welche Pflicht erfüllt, die Vereinbarung schließen und mit Fundstelle und Datum "
        "eintragen. Das Wesentliche den betroffenen Personen zur Verfügung stellen, zum Beispiel in den "
        "Datenschutzhinweisen.",
        "Determine who fulfils which duty, conclude the arrangement and enter it with file reference and "
        "date. Make its essence available to the data subjects, for instance in the privacy notice.",
    ),
    breaks=lambda: _platform(arrangement="", arranged_on=None, essence_available=None, essence_link=""),
    keeps=_platform,
)
def _duties_are_arranged(joint: JointControllership, _: Situation) -> Iterable[Hit]:
    for name in ("arrangement", "arranged_on"):
        if is_empty(getattr(joint, name)):
            yield Hit(words={"field": name})
    if is_empty(joint.parties):
        yield Hit(words={"field": "parties"}, severity=Severity.WARNING)
    if joint.essence_available is not True:
        yield Hit(words={"field": "essence_available"}, severity=Severity.WARNING)
    elif is_empty(joint.essence_link):
        yield Hit(words={"field": "essence_link"}, severity=Severity.WARNING)
