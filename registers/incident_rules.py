"""What an audit checks about security incidents, and about an authority that falls under NIS-2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, Final

from compliance.language import LOCAL_TIME, Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation
from registers.authority import Authority
from registers.breaches import Breach
from registers.incidents import REPORTS, IncidentStep, Progress, SecurityIncident, set_clocks
from registers.incidents import Severity as Weight

RULES: Final = RuleBook(SecurityIncident)
AUTHORITY_RULES: Final = RuleBook(Authority)


def _at(day: int, hour: int = 9) -> datetime:
    """An hour of an example, in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def _example(*, nis2: bool = False, **values: Any) -> SecurityIncident:
    """The example as it lies in the register, with its periods."""
    known: dict[str, Any] = {"name": "Verschlüsselte Dateiablage", "detected": _at(2)}
    incident = SecurityIncident(**(known | values))
    set_clocks(incident, nis2=nis2, land="SH")
    return incident


def _seen(incident: SecurityIncident, day: int) -> Case:
    return Case(incident, Situation(date(2026, 3, day)))


@RULES.rule(
    "SVF-001",
    Severity.ERROR,
    "§ 32 BSIG",
    field="significant",
    says=Text(
        "Die Frist „{field}“ ist abgelaufen, ohne dass die Meldung abgegeben ist.",
        "The period “{field}” is over, and the report was not sent.",
    ),
    remedy=Text(
        "Die Meldung sofort abgeben und ihren Zeitpunkt eintragen, oder begründet entscheiden, dass der "
        "Vorfall nicht erheblich ist.",
        "Send the report at once and enter when, or decide with reasons that the incident is not "
        "significant.",
    ),
    breaks=lambda: _seen(_example(nis2=True), 4),
    keeps=lambda: _seen(_example(nis2=True, early_sent=_at(2, 15)), 4),
)
def _reports_are_in_time(incident: SecurityIncident, situation: Situation) -> Iterable[Hit]:
    for name, _sent in REPORTS.values():
        end = getattr(incident, name)
        if end is not None and not incident.met(name) and _is_over(end, situation):
            yield Hit(words={"field": name})


def _is_over(end: datetime | date, situation: Situation) -> bool:
    if isinstance(end, datetime):
        return situation.now > end
    return situation.now.astimezone(LOCAL_TIME).date() > end


@RULES.rule(
    "SVF-002",
    Severity.WARNING,
    "§ 32 BSIG, Art. 5 Abs. 2 DSGVO",
    field="significant_reason",
    says=Text(
        "Der Vorfall gilt als nicht erheblich und wird deshalb nicht gemeldet; eine Begründung fehlt.",
        "The incident counts as not significant and is therefore not reported; reasons are missing.",
    ),
    remedy=Text(
        "Festhalten, warum weder Störung noch Schaden erheblich sind.",
        "Record why neither disturbance nor damage is significant.",
    ),
    breaks=lambda: _example(nis2=True, significant=False),
    keeps=lambda: _example(
        nis2=True,
        significant=False,
        significant_reason="Ein einzelner Arbeitsplatz, in zwei Stunden behoben.",
    ),
)
def _no_report_has_reasons(incident: SecurityIncident, _: Situation) -> Iterable[Hit]:
    if incident.nis2 is True and incident.significant is False and not incident.significant_reason.strip():
        yield Hit()


@RULES.rule(
    "SVF-003",
    Severity.ERROR,
    "Art. 33 DSGVO, DER.2.1.A4",
    field="breach",
    says=Text(
        "Personenbezogene Daten sind betroffen, aber es gibt keinen Vorgang im Verzeichnis der "
        "Datenschutzverletzungen.",
        "Personal data are affected, but the register of breaches has no case about it.",
    ),
    remedy=Text(
        "Den Vorfall mit einem Klick als Datenschutzverletzung übergeben; die 72 Stunden laufen ab der "
        "Entdeckung.",
        "Hand the incident over as a breach with one click; the 72 hours run from the detection.",
    ),
    breaks=lambda: _example(personal_data=True),
    keeps=lambda: _example(personal_data=True, breach=Breach(name="Verschlüsselte Dateiablage")),
)
def _breach_is_recorded(incident: SecurityIncident, _: Situation) -> Iterable[Hit]:
    if incident.personal_data is True and incident.breach is None:
        yield Hit()


@RULES.rule(
    "SVF-004",
    Severity.WARNING,
    "DER.2.1.A4, DER.2.1.A14",
    field="management_informed",
    says=Text(
        "Der Vorfall ist hoch eingestuft, aber die Leitung ist nicht unterrichtet.",
        "The incident is classified as high, but management is not informed.",
    ),
    remedy=Text("Die Leitung unterrichten und den Zeitpunkt eintragen.", "Inform management and enter when."),
    breaks=lambda: _example(severity=Weight.EMERGENCY),
    keeps=lambda: _example(severity=Weight.EMERGENCY, management_informed=_at(2, 10)),
)
def _management_knows(incident: SecurityIncident, _: Situation) -> Iterable[Hit]:
    if incident.severity in (Weight.HIGH, Weight.EMERGENCY) and incident.management_informed is None:
        yield Hit()


@RULES.rule(
    "SVF-005",
    Severity.WARNING,
    "DER.2.1.A16, DER.2.1.A17",
    field="lessons",
    says=Text(
        "Der Vorfall ist abgeschlossen, aber „{field}“ ist leer.",
        "The incident is closed, but “{field}” is empty.",
    ),
    remedy=Text(
        "Die Behandlung dokumentieren und nachbereiten; danach abschließen.",
        "Document the treatment and follow it up; then close the case.",
    ),
    breaks=lambda: _example(progress=Progress.CLOSED),
    keeps=lambda: _example(
        progress=Progress.CLOSED,
        steps=[IncidentStep(at=_at(2), what="Alarm des Virenschutzes.")],
        remedy="Aus der Sicherung vom Vortag wiederhergestellt.",
        lessons="Die Rufbereitschaft steht jetzt auch auf Papier im Serverraum.",
    ),
)
def _closed_incidents_are_followed_up(incident: SecurityIncident, _: Situation) -> Iterable[Hit]:
    if incident.progress is Progress.CLOSED or incident.closed is not None:
        for name in ("steps", "remedy", "lessons"):
            if not getattr(incident, name):
                yield Hit(words={"field": name})


_ORDERS: Final = (
    ("occurred_from", "detected", "reported"),
    ("detected", "contained"),
    ("detected", "recovered", "closed"),
    ("detected", "early_sent", "notification_sent", "final_sent"),
    ("detected", "management_informed"),
)
"""Moments that can only follow each other in this order."""


@RULES.rule(
    "SVF-006",
    Severity.ERROR,
    "DER.2.1.A16",
    field="detected",
    says=Text(
        "„{field}“ liegt in der Zukunft oder vor einem Zeitpunkt, der vorausgehen muss.",
        "“{field}” lies in the future or before a moment that must precede it.",
    ),
    remedy=Text("Die Zeitpunkte prüfen und berichtigen.", "Check and correct the moments."),
    breaks=lambda: _seen(_example(recovered=_at(1)), 4),
    keeps=lambda: _seen(_example(recovered=_at(3)), 4),
)
def _moments_follow_each_other(incident: SecurityIncident, situation: Situation) -> Iterable[Hit]:
    wrong: dict[str, None] = {}
    for order in _ORDERS:
        known = [(name, at) for name in order if (at := getattr(incident, name)) is not None]
        wrong |= {later: None for (_, before), (later, after) in pairwise(known) if after < before}
        wrong |= {name: None for name, at in known if at > situation.now}
    for name in wrong:
        yield Hit(words={"field": name})


# --- The authority -------------------------------------------------------------------------------

_DUTIES: Final = ("nis2_registered", "nis2_trained", "nis2_approved")


@AUTHORITY_RULES.rule(
    "NIS-001",
    Severity.WARNING,
    "§§ 33, 38 BSIG",
    field="nis2_registered",
    says=Text(
        "Die Stelle fällt unter NIS-2, aber „{field}“ ist nicht eingetragen.",
        "The authority falls under NIS-2, but “{field}” is not recorded.",
    ),
    remedy=Text(
        "Registrierung, Schulung der Leitung und Billigung der Maßnahmen veranlassen und den Tag eintragen.",
        "See to registration, training of management and approval of the measures, and enter the day.",
    ),
    breaks=lambda: Authority(name="Stadt Musterhafen", nis2=True),
    keeps=lambda: Authority(name="Stadt Musterhafen", nis2=True, **dict.fromkeys(_DUTIES, date(2026, 2, 2))),
)
def _duties_of_nis2_are_met(authority: Authority, _: Situation) -> Iterable[Hit]:
    if authority.nis2 is True:
        for name in _DUTIES:
            if getattr(authority, name) is None:
                yield Hit(words={"field": name})
