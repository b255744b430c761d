"""What the record of an activity already answers in its threshold analysis, and why.

„Nein“ is proposed only where the record says „nein“ to the same question, never
because it says nothing. A person confirms every proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from assessments.dpia.published_lists import LIST_ENTRIES
from assessments.dpia.threshold_questions import CASES, CRITERIA
from compliance.entry import Proposal
from compliance.language import Text
from registers.processing import (
    VULNERABLE,
    AutomationLevel,
    DataSource,
    RiskToPersons,
    Scale,
    Secrecy,
    Subjects,
)

FACTS: Final = (
    "subjects",
    "scale",
    "secrecy",
    "sources",
    "profiling",
    "automated_decision",
    "automation_level",
    "ai",
    "video",
    "change_of_purpose",
    "online_service_for_children",
    "risk",
)
"""The fields of an activity that are read here, besides its categories of data."""
DATA_FACTS: Final = ("text", "special", "criminal")
"""What is read of each category of data."""


class Known(Protocol):
    """An activity, or as much of it as is read here: :data:`FACTS` and the rows of ``data``."""

    subjects: Any
    scale: Any
    secrecy: Any
    sources: Any
    profiling: Any
    automated_decision: Any
    automation_level: Any
    ai: Any
    video: Any
    change_of_purpose: Any
    online_service_for_children: Any
    risk: Any
    data: Any


@dataclass(frozen=True)
class Sign:
    """One fact of the record that says yes to one question."""

    question: str
    mark: str
    """The fact by its stored names, so that another wording is no other fact."""
    why: Text
    entry: str = ""
    """The entry of a list that it meets, where the question is about lists."""


def signs(activity: Known) -> Iterator[Sign]:
    """Everything in *activity* that speaks for an impact assessment."""
    yield from _signs_of_use(activity)
    yield from _signs_of_data(activity)
    yield from _signs_of_persons(activity)
    yield from _listed(activity)


def _signs_of_use(activity: Known) -> Iterator[Sign]:
    autonomous = activity.automation_level is AutomationLevel.AUTONOMOUS
    if activity.profiling:
        yield Sign("evaluation", "profiling", _PROFILING)
    if activity.automated_decision:
        yield Sign("automated_decision", "automated_decision", _AUTOMATED)
    elif autonomous:
        yield Sign("automated_decision", "automation_level", _AUTONOMOUS)
    if activity.profiling and (activity.automated_decision or autonomous):
        yield Sign("extensive_evaluation", "profiling+automated_decision", _PROFILED_DECISION)
    if activity.video:
        yield Sign("monitoring", "video", _VIDEO)
        yield Sign("public_monitoring", "video", _VIDEO)
    elif DataSource.SENSOR in activity.sources:
        yield Sign("monitoring", "sensor", _SENSOR)
    if activity.change_of_purpose:
        yield Sign("matching", "change_of_purpose", _NEW_PURPOSE)
    if activity.ai:
        yield Sign("innovative", "ai", _AI)
    if activity.risk is RiskToPersons.HIGH:
        yield Sign("high_risk", "risk", _HIGH)


def _signs_of_data(activity: Known) -> Iterator[Sign]:
    protected = [row.text for row in activity.data if row.special or row.criminal]
    named = [*(Text(text, text) for text in protected), *(secret.text for secret in activity.secrecy)]
    if named:
        mark = "+".join([*sorted(protected), *(secret.name for secret in activity.secrecy)])
        yield Sign("sensitive", mark, _SENSITIVE.format(named=_joined(named)))
    if protected and activity.scale in _LARGE:
        yield Sign("extensive_sensitive_data", "+".join(sorted(protected)), _LARGE_AND_SENSITIVE)
    if activity.scale in _LARGE:
        yield Sign("large_scale", "scale", _MANY)


def _signs_of_persons(activity: Known) -> Iterator[Sign]:
    at_risk = [subject for subject in Subjects if subject in activity.subjects and subject in VULNERABLE]
    if at_risk:
        mark = "+".join(subject.name for subject in at_risk)
        yield Sign("vulnerable", mark, _VULNERABLE.format(named=_joined([each.text for each in at_risk])))
    if activity.online_service_for_children and Subjects.CHILDREN not in at_risk:
        yield Sign("vulnerable", "online_service_for_children", _FOR_CHILDREN)
    if activity.automated_decision and _CLAIMING.intersection(activity.subjects):
        yield Sign("blocks_right", "automated_decision+claims", _DECIDES_CLAIMS)


def _listed(activity: Known) -> Iterator[Sign]:
    if activity.scale in _LARGE and _SECRETS.intersection(activity.secrecy):
        yield Sign("listed_case", "DSK_03", _SECRET_ON_LARGE_SCALE, "DSK_03")
    if activity.scale in _LARGE and activity.profiling and Subjects.STAFF in activity.subjects:
        yield Sign("listed_case", "DSK_08", _STAFF_RATED, "DSK_08")
    if activity.ai and (activity.profiling or activity.automated_decision):
        yield Sign("listed_case", "DSK_11", _AI_ABOUT_PERSONS, "DSK_11")


_LARGE: Final = frozenset({Scale.MORE})
_SECRETS: Final = frozenset({Secrecy.SOCIAL, Secrecy.TAX, Secrecy.PROFESSIONAL, Secrecy.STATISTICS})
_CLAIMING: Final = frozenset({Subjects.APPLICANTS, Subjects.BENEFICIARIES})


# --- Proposals -----------------------------------------------------------------------------------


def proposed_answers(activity: Known) -> dict[str, Proposal]:
    """Answers by field name, each with its reason. Needs *activity* with its rows."""
    found = list(signs(activity))
    proposals = {"personal_data": Proposal(True, _REGISTERED)}
    for name in dict.fromkeys(sign.question for sign in found):
        proposals[name] = Proposal(True, together(sign.why for sign in found if sign.question == name))
    if entries := [sign for sign in found if sign.entry]:
        codes = tuple(LIST_ENTRIES[sign.entry] for sign in entries)
        proposals["list_entries"] = Proposal(codes, together(sign.why for sign in entries))
    for name in _denied(activity):
        proposals.setdefault(name, Proposal(False, _DENIED))
    return proposals


def _denied(activity: Known) -> Iterator[str]:
    """The questions to which the record itself says no."""
    if activity.automated_decision is False:
        yield "automated_decision"
    if activity.profiling is False:
        yield "evaluation"
    if activity.automated_decision is False and activity.profiling is False:
        yield "extensive_evaluation"


def indicators(activity: Known) -> tuple[str, ...]:
    """Names of the questions to which the record of *activity* already says yes."""
    said = {sign.question for sign in signs(activity)}
    return tuple(name for name in (*CASES, *CRITERIA, "listed_case", "high_risk") if name in said)


def together(texts: Iterable[Text]) -> Text:
    """Several sentences one after the other."""
    said = list(dict.fromkeys(texts))
    return Text(" ".join(text.de for text in said), " ".join(text.en for text in said))


def _joined(texts: Sequence[Text]) -> Text:
    return Text(", ".join(text.de for text in texts), ", ".join(text.en for text in texts))


_REGISTERED = Text(
    "Die Tätigkeit steht im Verzeichnis von Verarbeitungstätigkeiten.",
    "The activity is in the record of processing activities.",
)
_DENIED = Text("Das Verzeichnis verneint diese Frage.", "The record answers this question with no.")
_PROFILING = Text(
    "Laut Verzeichnis Profiling oder Bewertung.", "Profiling or scoring according to the record."
)
_AUTOMATED = Text(
    "Laut Verzeichnis automatisierte Entscheidung.", "Automated decision according to the record."
)
_AUTONOMOUS = Text(
    "Laut Verzeichnis entscheidet das System selbst.", "The system decides by itself according to the record."
)
_PROFILED_DECISION = Text(
    "Laut Verzeichnis Profiling und automatisierte Entscheidung.",
    "Profiling and automated decision according to the record.",
)
_VIDEO = Text(
    "Laut Verzeichnis Videoüberwachung öffentlich zugänglicher Räume.",
    "Video surveillance of publicly accessible areas according to the record.",
)
_SENSOR = Text("Daten stammen aus Sensor, Kamera oder Protokoll.", "Data come from a sensor, camera or log.")
_SENSITIVE = Text("Laut Verzeichnis: {named}.", "According to the record: {named}.")
_LARGE_AND_SENSITIVE = Text(
    "Daten nach Art. 9 oder 10 von mehr als 10.000 Personen.",
    "Data under Art. 9 or 10 of more than 10,000 persons.",
)
_MANY = Text("Mehr als 10.000 Personen.", "More than 10,000 persons.")
_NEW_PURPOSE = Text(
    "Vorhandene Daten werden zu neuen Zwecken genutzt.", "Existing data are used for new purposes."
)
_VULNERABLE = Text("Betroffen sind: {named}.", "Data subjects are: {named}.")
_FOR_CHILDREN = Text(
    "Laut Verzeichnis richtet sich das Angebot an Kinder.",
    "According to the record the service is offered to children.",
)
_DECIDES_CLAIMS = Text(
    "Laut Verzeichnis wird automatisiert über Antragstellende oder Leistungsbeziehende entschieden.",
    "According to the record decisions on applicants or beneficiaries are automated.",
)
_AI = Text("Laut Verzeichnis künstliche Intelligenz.", "Artificial intelligence according to the record.")
_HIGH = Text(
    "Das Verzeichnis stuft das Risiko für die Betroffenen als hoch ein.",
    "The record rates the risk to the persons as high.",
)
_SECRET_ON_LARGE_SCALE = Text(
    "Besonderes Geheimnis und mehr als 10.000 Personen.", "Special secrecy and more than 10,000 persons."
)
_STAFF_RATED = Text(
    "Verhalten von Beschäftigten wird umfangreich bewertet.",
    "Behaviour of staff is rated on a large scale.",
)
_AI_ABOUT_PERSONS = Text(
    "Künstliche Intelligenz bewertet Personen oder entscheidet über sie.",
    "Artificial intelligence evaluates persons or decides on them.",
)
