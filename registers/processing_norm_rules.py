"""What an audit checks where an activity meets special law: staff, secrets, offences, statutory retention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from compliance.database import folded
from compliance.fields import Span, TimeUnit
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation, hits, named
from registers.norms import Norm, Subject
from registers.processing import (
    DataCategory,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Regime,
    Secrecy,
    Subjects,
)

RULES: Final = RuleBook(ProcessingActivity)


def _blank(text: str) -> bool:
    """Whether *text* says nothing: empty, or no more than a dash."""
    return not any(character.isalnum() for character in text)


def _laws(activity: ProcessingActivity) -> Iterator[Norm]:
    yield from (purpose.law for purpose in activity.purposes if purpose.law is not None)
    yield from activity.norms


def _typed(activity: ProcessingActivity) -> Iterator[str]:
    """The texts in which an activity names provisions."""
    yield from (purpose.norm for purpose in activity.purposes)
    for row in activity.data:
        yield from (row.exception_norm, row.criminal_norm, row.period_norm)


# --- Staff ---------------------------------------------------------------------------------------

# Spelt as :func:`compliance.database.folded` leaves words.
_STAFF_LAW: Final = re.compile(
    r"15 ldsg|\b26 bdsg|beamt|\blbg\b|tarif|tvoed|\btv-|\bmbg\b|mitbestimmung|beschaeftig|personalakte"
    r"|arbeitszeit|arbeitsrecht|dienstvereinbarung|betriebsvereinbarung|besoldung"
)


def _rests_on_staff_law(activity: ProcessingActivity) -> bool:
    chosen = any(Subject.STAFF in law.areas for law in _laws(activity))
    return chosen or any(_STAFF_LAW.search(folded(text)) for text in _typed(activity))


def _time_recording(**facts: Any) -> ProcessingActivity:
    return ProcessingActivity(name="Zeiterfassung", subjects=(Subjects.STAFF,), **facts)


@RULES.rule(
    "VVT-022",
    Severity.WARNING,
    "Art. 88 DSGVO, § 15 LDSG SH, Mitbestimmungsgesetz",
    field="norms",
    says=Text(
        "Es werden Daten von Beschäftigten verarbeitet, aber unter „{field}“ fehlt die Angabe dazu.",
        "Data of staff are processed, but “{field}” says nothing about it.",
    ),
    remedy=Text(
        "Die Vorschrift des Dienst- oder Arbeitsrechts nennen, auf der die Verarbeitung beruht, zum Beispiel "
        "Landesdatenschutzgesetz, Beamtenrecht, Tarifvertrag oder Dienstvereinbarung, und angeben, ob der "
        "Personalrat beteiligt wurde.",
        "Name the provision of employment law on which the processing rests, such as the data protection act "
        "of the Land, civil service law, a collective or a service agreement, and state whether the staff "
        "council was involved.",
    ),
    breaks=lambda: _time_recording(norms=[]),
    keeps=lambda: _time_recording(
        norms=[Norm(name="TVöD", areas=(Subject.STAFF,))],
        staff_council=True,
    ),
)
def _staff_data_have_their_law(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if Subjects.STAFF not in activity.subjects:
        return
    if not _rests_on_staff_law(activity):
        yield Hit(words={"field": "norms"})
    if activity.staff_council is None:
        yield Hit(words={"field": "staff_council"})


# --- Secrets -------------------------------------------------------------------------------------

_NEEDS_PERMISSION: Final = frozenset({Secrecy.SOCIAL, Secrecy.TAX, Secrecy.PROFESSIONAL})


def _advice(recipient: Recipient) -> ProcessingActivity:
    return ProcessingActivity(
        name="Schuldnerberatung", secrecy=(Secrecy.SOCIAL, Secrecy.PROFESSIONAL), recipients=[recipient]
    )


@RULES.rule(
    "VVT-023",
    Severity.ERROR,
    "§ 35 SGB I, § 30 AO, § 203 StGB",
    field="recipients",
    says=Text(
        "Die Daten unterliegen einem besonderen Geheimnis, aber für den Empfänger „{what}“ fehlt die "
        "Rechtsgrundlage der Offenbarung.",
        "The data are subject to a special secret, but the legal basis for disclosing them to “{what}” is "
        "missing.",
    ),
    remedy=Text(
        "Beim Empfänger unter „Anlass und Rechtsgrundlage“ die Vorschrift oder die Einwilligung nennen, die "
        "die Offenbarung erlaubt; ohne sie dürfen die Daten nicht weitergegeben werden.",
        "Under “Reason and legal basis” of the recipient, name the provision or the consent that permits the "
        "disclosure; without it the data must not be passed on.",
    ),
    breaks=lambda: _advice(Recipient(text="Gläubigerbank", kind=RecipientKind.COMPANY)),
    keeps=lambda: _advice(
        Recipient(
            text="Gläubigerbank",
            kind=RecipientKind.COMPANY,
            reason="Einwilligung mit Entbindung von der Schweigepflicht",
        )
    ),
)
def _disclosure_is_permitted(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not _NEEDS_PERMISSION & set(activity.secrecy):
        return ()

    def lacks(row: Recipient) -> bool:
        outside = row.kind is not None and row.kind is not RecipientKind.INTERNAL
        return outside and _blank(row.reason)

    return hits(activity.recipients, lacks)


# --- Offences ------------------------------------------------------------------------------------

# Spelt as :func:`compliance.database.folded` leaves words.
_OFFENCES: Final = re.compile(
    r"ordnungswidrig|\bowi|bussgeld|verwarn(?:ungs)?geld|strafverfolg|straftat|strafanzeige"
)


def _parking(regime: Regime) -> ProcessingActivity:
    purpose = Purpose(text="Verfolgung von Ordnungswidrigkeiten im ruhenden Verkehr")
    return ProcessingActivity(name="Verkehrsüberwachung", regime=regime, purposes=[purpose])


@RULES.rule(
    "VVT-024",
    Severity.WARNING,
    "Art. 2 DSGVO, Abschnitt 3 LDSG SH",
    field="regime",
    says=Text(
        "Der Zweck „{what}“ dient der Verfolgung von Ordnungswidrigkeiten oder Straftaten, die Tätigkeit "
        "folgt aber nicht dem Regime der JI-Richtlinie.",
        "The purpose “{what}” serves the prosecution of offences, but the activity does not follow the "
        "regime of the Law Enforcement Directive.",
    ),
    remedy=Text(
        "Unter „Regelungsregime“ die JI-Richtlinie wählen. Verfolgt die Tätigkeit daneben andere Zwecke, "
        "dafür eine eigene Tätigkeit anlegen.",
        "Choose the Law Enforcement Directive under “Governing law”. If the activity has other purposes as "
        "well, create an activity of its own for them.",
    ),
    breaks=lambda: _parking(Regime.GDPR),
    keeps=lambda: _parking(Regime.POLICE),
)
def _offences_have_their_regime(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.regime is Regime.POLICE:
        return ()
    return hits(activity.purposes, lambda purpose: bool(_OFFENCES.search(folded(purpose.text))))


# --- Statutory retention -------------------------------------------------------------------------


@dataclass(frozen=True)
class StatutoryRetention:
    """How long a statute has records kept, from a day on."""

    cited: re.Pattern[str]
    """How the provision is cited, in folded words."""
    provision: str
    records: re.Pattern[str]
    """Which records it is about, in folded words."""
    years: int
    since: date


# Spelt as :func:`compliance.database.folded` leaves words.
_VOUCHERS: Final = re.compile(r"beleg|buchung|rechnung|zahlung|kassen")
_PARTS_OF_A_SECTION: Final = r"(?:,? (?:abs|satz|s|nr|lit)\.? ?\w+)*"


def _cites(section: str, act: str) -> re.Pattern[str]:
    """„§ 147 Abs. 3 AO“ as well as „Abgabenordnung (AO), § 147“."""
    return re.compile(rf"\b{section}{_PARTS_OF_A_SECTION},? {act}\b|\b{act}\)?,? §+ ?{section}\b")


_FISCAL_CODE: Final = _cites("147", "ao")
_COMMERCIAL_CODE: Final = _cites("257", "hgb")

RETENTION: Final = (
    StatutoryRetention(_FISCAL_CODE, "§ 147 AO", _VOUCHERS, 10, date(1900, 1, 1)),
    StatutoryRetention(_FISCAL_CODE, "§ 147 AO", _VOUCHERS, 8, date(2025, 1, 1)),
    StatutoryRetention(_COMMERCIAL_CODE, "§ 257 HGB", _VOUCHERS, 10, date(1900, 1, 1)),
    StatutoryRetention(_COMMERCIAL_CODE, "§ 257 HGB", _VOUCHERS, 8, date(2025, 1, 1)),
)
"""Accounting vouchers under tax and commercial law; the core budget follows the law of the Land instead."""

LONGEST_WITHOUT_NORM: Final = 10
"""Years beyond which nobody keeps data without a provision that says so."""

_DAYS: Final = {TimeUnit.D: 1.0, TimeUnit.W: 7.0, TimeUnit.M: 365.25 / 12, TimeUnit.Y: 365.25}


def years(span: Span) -> float:
    """About how many years *span* lasts."""
    return span.count * _DAYS[span.unit] / 365.25


def statutory(row: DataCategory, on: date) -> StatutoryRetention | None:
    """The retention in force on that day that *row* cites for the records it holds."""
    norm = folded(row.period_norm)
    cited = [duty for duty in RETENTION if duty.since <= on and duty.cited.search(norm)]
    records = folded(f"{row.text} {row.start_event}") if cited else ""
    duties = [duty for duty in cited if duty.records.search(records)]
    return max(duties, key=lambda duty: duty.since, default=None)


def _payments(period: Span, period_norm: str) -> ProcessingActivity:
    data = [DataCategory(text="Zahlungsbelege", period=period, period_norm=period_norm)]
    return ProcessingActivity(name="Stadtkasse", data=data)


@RULES.rule(
    "VVT-036",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e DSGVO",
    field="data",
    says=Text(
        "Die Löschfrist für „{what}“ ist zu prüfen: Zu erwarten sind {years} Jahre ({source}).",
        "The erasure period for “{what}” needs a look: {years} years are to be expected ({source}).",
    ),
    remedy=Text(
        "Ist die Frist kürzer als die gesetzliche Aufbewahrung, sie verlängern oder die Vorschrift "
        "berichtigen. Ist sie länger als zehn Jahre, unter „Vorschrift zur Frist“ angeben, woraus sie "
        "folgt, oder sie verkürzen.",
        "If the period is shorter than the statutory retention, extend it or correct the provision. If it is "
        "longer than ten years, state under “Norm of the period” where it comes from, or shorten it.",
    ),
    breaks=lambda: Case(_payments(Span(6, TimeUnit.Y), "§ 147 AO")),
    keeps=lambda: Case(_payments(Span(8, TimeUnit.Y), "§ 147 AO")),
)
def _period_fits_the_law(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    for row, what in named(activity.data):
        if row.period is None:
            continue
        duty = statutory(row, situation.today)
        if duty is not None and years(row.period) < duty.years:
            yield Hit(row, {"what": what, "years": f"≥ {duty.years}", "source": duty.provision})
        elif _blank(row.period_norm) and years(row.period) > LONGEST_WITHOUT_NORM:
            bound = f"≤ {LONGEST_WITHOUT_NORM}"
            yield Hit(row, {"what": what, "years": bound, "source": "Art. 5 Abs. 1 lit. e DSGVO"})
