"""Gates about staff, artificial intelligence, and what a project publishes."""

from __future__ import annotations

from typing import Final

from assessments.gates.look import Facts, Look, Standing, activity_of, is_running
from compliance.language import Text
from compliance.people import Role
from registers.ai import AiClass
from registers.processing import Subjects

_AT_WORK: Final = frozenset({Subjects.STAFF, Subjects.JOB_APPLICANTS})


def staff_council(facts: Facts) -> Look:
    """The staff council is heard where staff are concerned, or it is said why not."""
    project = facts.project
    concerned = [row for row in facts.activities if not _AT_WORK.isdisjoint(row.subjects)]
    if project.staff_council_on is not None or (
        concerned and all(row.staff_council is True for row in concerned)
    ):
        return Look(Standing.MET, _HEARD, [activity_of(row) for row in concerned])
    if project.staff_council_waived.strip():
        return Look(Standing.NOT_APPLICABLE, _NOT_NEEDED)
    if concerned:
        gaps = [row for row in concerned if row.staff_council is not True]
        entries = [activity_of(row) for row in gaps]
        return Look(Standing.OPEN, _NOT_HEARD, entries, Role.PROJECT_LEAD, is_running(gaps))
    return Look(Standing.OPEN, _UNKNOWN_STAFF, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def ai(facts: Facts) -> Look:
    """Regulation (EU) 2024/1689: each use of artificial intelligence has a class that is not prohibited."""
    project = facts.project
    used = [(row.ai_class, activity_of(row)) for row in facts.activities if row.ai is True]
    if project.ai is True:
        used.append((project.ai_class, facts.itself))
    if not used:
        known = project.ai is False or any(row.ai is False for row in facts.activities)
        if known:
            return Look(Standing.NOT_APPLICABLE, _NO_AI)
        return Look(Standing.OPEN, _UNKNOWN_AI, (facts.itself,), Role.PROJECT_LEAD, binding=False)
    for wanted, says in ((AiClass.PROHIBITED, _PROHIBITED), (None, _UNCLASSIFIED)):
        if gaps := [linked for found, linked in used if found is wanted]:
            return Look(Standing.OPEN, says, gaps, Role.PROJECT_LEAD)
    return Look(Standing.MET, _CLASSIFIED, [linked for _found, linked in used])


def anonymisation(facts: Facts) -> Look:
    """Open data are published only with evidence that nobody can be identified."""
    project = facts.project
    publishing = [row for row in facts.activities if row.open_data is True]
    if not publishing and project.open_data is not True:
        return Look(Standing.NOT_APPLICABLE, _NO_OPEN_DATA)
    gaps = [activity_of(row) for row in publishing if not row.anonymisation.strip()]
    if project.open_data is True and not (project.anonymisation.strip() and project.anonymised_on):
        gaps.append(facts.itself)
    if gaps:
        return Look(Standing.OPEN, _NOT_PROVEN, gaps, Role.PROJECT_LEAD)
    return Look(Standing.MET, _PROVEN)


_HEARD = Text("Der Personalrat ist beteiligt.", "The staff council has been involved.")
_NOT_NEEDED = Text(
    "Eine Beteiligung ist mit Begründung nicht nötig.", "Involvement is not needed, for the reason given."
)
_NOT_HEARD = Text(
    "Beschäftigte sind betroffen, und der Personalrat ist nicht beteiligt:",
    "Staff are concerned, and the staff council has not been involved:",
)
_UNKNOWN_STAFF = Text(
    "Noch ist nicht gesagt, ob der Personalrat zu beteiligen ist.",
    "It has not been said yet whether the staff council is to be involved.",
)
_NO_AI = Text("Es wird keine künstliche Intelligenz eingesetzt.", "No artificial intelligence is used.")
_UNKNOWN_AI = Text(
    "Noch ist nicht gesagt, ob künstliche Intelligenz eingesetzt wird.",
    "It has not been said yet whether artificial intelligence is used.",
)
_PROHIBITED = Text("Als verbotene Praktik eingestuft:", "Classified as a prohibited practice:")
_UNCLASSIFIED = Text("Ohne Risikoklasse:", "Without a risk class:")
_CLASSIFIED = Text("Eingestuft:", "Classified:")
_NO_OPEN_DATA = Text("Es werden keine offenen Daten veröffentlicht.", "No open data are published.")
_NOT_PROVEN = Text(
    "Offene Daten werden veröffentlicht, ohne dass die Anonymisierung nachgewiesen ist:",
    "Open data are published without evidence of anonymisation:",
)
_PROVEN = Text("Die Anonymisierung ist nachgewiesen.", "Anonymisation is proven.")
