"""The portfolio of digital projects for committee and council: stages, gates, next steps, decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import joinedload, selectinload

from assessments.gates.gate import Gate, GateKind
from assessments.gates.look import Standing
from assessments.gates.portfolio import ProjectStanding
from compliance.language import Text, shown_day, shown_number
from exports.document import Bars, Block, Cell, Column, Document, Facts, Figure, Grid, Heading, Note, Prose
from exports.reports.register import Issuer
from registers.projects import Project, ProjectStage

NEEDED: Final = (
    joinedload(Project.theme),
    joinedload(Project.goal),
    joinedload(Project.unit),
    selectinload(Project.stages),
    selectinload(Project.papers),
    selectinload(Project.funding),
    selectinload(Project.partners),
)
"""What has to be loaded of a project."""

_TONES: Final = {
    Standing.MET: "good",
    Standing.OPEN: "open",
    Standing.RED: "bad",
    Standing.NOT_APPLICABLE: "neutral",
}


def report(found: Sequence[ProjectStanding], issuer: Issuer) -> Document:
    """The projects of *found*, each loaded as :data:`NEEDED` says."""
    language = issuer.language
    title = _TITLE if len(found) != 1 else _ONE.format(project=str(found[0].project))
    red = sum(bool(one.red) for one in found)
    return Document(
        title=title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(_blocks(found, language)),
        subject=_SUBJECT[language],
        cover=(
            (_PROJECTS[language], shown_number(len(found), language)),
            (_RED[language], shown_number(red, language)),
        ),
        landscape=True,
    )


def picture(found: Sequence[ProjectStanding], language: str) -> Figure:
    """How often each gate stands how, over all projects that still run."""
    running = [one for one in found if one.project.stage not in (ProjectStage.ENDED, ProjectStage.REJECTED)]
    counted = Counter((gate.kind, gate.standing) for one in running for gate in one.gates)
    values = tuple(tuple(counted[kind, how] for how in Standing) for kind in GateKind)
    chart = Bars(
        categories=tuple(kind.text[language] for kind in GateKind),
        series=tuple(how.text[language] for how in Standing),
        values=values,
        tones=tuple(_TONES[how] for how in Standing),
    )
    said = "; ".join(_in_words(kind, counted, language) for kind in GateKind)
    return Figure(chart, said, _FIGURE[language])


def _in_words(kind: GateKind, counted: Counter[tuple[GateKind, Standing]], language: str) -> str:
    numbers = [f"{counted[kind, how]} {how.text[language]}" for how in Standing if counted[kind, how]]
    return f"{kind.text[language]}: {', '.join(numbers) or '–'}"


def _blocks(found: Sequence[ProjectStanding], language: str) -> Iterator[Block]:
    if not found:
        yield Note(_NONE_TITLE[language], _NONE[language])
        return
    yield Heading(_OVERVIEW[language])
    if len(found) == 1:
        yield from _about(found[0], language)
    # The list can begin on the first page, under the front; the picture is too tall to follow it there.
    yield _projects(found, language)
    yield Heading(_GATES[language])
    if len(found) > 1:
        yield picture(found, language)
    yield Prose(_EXPLAINED[language])
    yield _gates(found, language)
    yield Heading(_VIOLATED[language])
    if any(one.red for one in found):
        yield _violated(found, language)
    else:
        yield Prose(_NOTHING_RED[language])
    papers = _papers(found)
    if papers:
        yield Heading(_PAPERS[language])
        yield Grid(_paper_columns(language), papers, _PAPERS[language])


def _about(one: ProjectStanding, language: str) -> Iterator[Block]:
    """What the committee asks about one project."""
    project = one.project
    money = [
        " – ".join(filter(None, (row.programme, row.code, _money(row.amount, language))))
        for row in project.funding
    ]
    stages = [
        f"{row.stage.text[language]}: {_day(row.since, language)}{f' ({row.note})' if row.note else ''}"
        for row in project.stages
        if row.stage
    ]
    partners = [" – ".join(filter(None, (row.name, row.role))) for row in project.partners]
    rows = (
        (_LEAD[language], project.lead),
        (_STAGES[language], "\n".join(stages)),
        (_FUNDING[language], "\n".join(money)),
        (_PARTNERS[language], "\n".join(partners)),
    )
    yield Facts(tuple((label, text) for label, text in rows if text), str(project))
    if project.description:
        yield Prose(project.description)


def _money(amount: int | None, language: str) -> str:
    return "" if amount is None else f"{shown_number(amount, language)} {_EURO[language]}"


def _day(value: date | None, language: str) -> str:
    return shown_day(value, language) if value else "–"


def _projects(found: Sequence[ProjectStanding], language: str) -> Grid:
    columns = (
        Column(_NUMBER[language], 1.0),
        Column(_PROJECT[language], 2.4),
        Column(_THEME[language], 1.7),
        Column(_GOAL[language], 2.0),
        Column(_UNIT[language], 2.0, on_paper=False),
        Column(_STAGE[language], 1.2),
        Column(_SINCE[language], 1.1),
        Column(_FUNDS[language], 1.2, help=_FUNDS_HELP[language], on_paper=False),
        Column(_NEXT[language], 2.6),
        Column(_TURN[language], 1.6),
        Column(_DUE[language], 1.1),
    )
    return Grid(columns, [_project(one, language) for one in found], _OVERVIEW[language])


def _project(one: ProjectStanding, language: str) -> tuple[Cell, ...]:
    project, step = one.project, one.next
    amounts = [row.amount for row in project.funding if row.amount is not None]
    return (
        project.designation,
        project.name,
        project.theme.name if project.theme else "",
        project.goal.name if project.goal else "",
        str(project.unit) if project.unit else "",
        project.stage.text[language] if project.stage else "",
        project.since(project.stage) if project.stage else None,
        sum(amounts) if amounts else None,
        said(step, language) if step else "",
        step.turn.text[language] if step and step.turn else "",
        project.next_milestone,
    )


def said(gate: Gate, language: str) -> str:
    """A gate in one line: what it asks, and why it is not met."""
    return f"{gate.kind.text[language]}: {because(gate, language)}"


def because(gate: Gate, language: str) -> str:
    """Why a gate stands as it does, with the entries it speaks of."""
    named = ", ".join(linked.designation for linked in gate.entries)
    why = gate.why[language]
    return f"{why} {named}" if why.endswith(":") and named else why


def _gates(found: Sequence[ProjectStanding], language: str) -> Grid:
    """One row for each project, one column for each gate."""
    columns = (
        Column(_NUMBER[language], 1.0),
        Column(_PROJECT[language], 2.2),
        *(Column(kind.text[language], 1.3) for kind in GateKind),
    )
    rows = [
        (
            one.project.designation,
            one.project.name,
            *(gate.standing.text[language] for gate in one.gates),
        )
        for one in found
    ]
    return Grid(columns, rows, _GATES[language])


def _violated(found: Sequence[ProjectStanding], language: str) -> Grid:
    """Every red gate with the duty and with whoever answers for it."""
    columns = (
        Column(_NUMBER[language], 1.4),
        Column(_GATE[language], 3.0),
        Column(_DUTY[language], 1.6),
        Column(_TURN[language], 1.4),
        Column(_DECISION[language], 3.2),
        Column(_UNTIL[language], 1.1),
        Column(_OPINION[language], 3.2),
    )
    rows = [_red(one, gate, language) for one in found for gate in one.red]
    return Grid(columns, rows, _VIOLATED[language])


def _red(one: ProjectStanding, gate: Gate, language: str) -> tuple[Cell, ...]:
    decided = one.decisions.get(gate.rule)
    words = ""
    if decided:
        head = f"{decided.decided_by}, {_day(decided.decided_on, language)}"
        words = (
            f"{decided.reason} ({head})" if decided.holds else f"{_OVER[language]} {decided.reason} ({head})"
        )
    return (
        f"{one.project.designation}/{gate.rule}",
        said(gate, language),
        gate.source,
        gate.turn.text[language] if gate.turn else "",
        words or _UNDECIDED[language],
        decided.until if decided else None,
        (decided.objection or decided.opinion) if decided else "",
    )


def _papers(found: Sequence[ProjectStanding]) -> list[tuple[Cell, ...]]:
    return [
        (
            f"{one.project.designation}/{position}",
            one.project.name,
            paper.reference_number,
            paper.subject,
            paper.committee,
            paper.decided_on,
        )
        for one in found
        for position, paper in enumerate(one.project.papers, start=1)
    ]


def _paper_columns(language: str) -> tuple[Column, ...]:
    labels = (
        (_NUMBER, 1.0),
        (_PROJECT, 2.2),
        (_PAPER, 1.3),
        (_ABOUT, 3.0),
        (_COMMITTEE, 2.2),
        (_MET_ON, 1.1),
    )
    return tuple(Column(label[language], width) for label, width in labels)


_TITLE: Final = Text("Portfolio der digitalen Projekte", "Portfolio of digital projects")
_ONE: Final = Text("Steckbrief {project}", "Profile of {project}")
_SUBJECT: Final = Text(
    "Stand, Prüfpunkte und nächste Schritte der digitalen Projekte",
    "Stage, gates and next steps of the digital projects",
)
_PROJECTS: Final = Text("Projekte", "Projects")
_RED: Final = Text("Davon mit fälligem, offenem Prüfpunkt", "Of these with a gate due and open")
_OVERVIEW: Final = Text("Überblick", "Overview")
_FIGURE: Final = Text(
    "Prüfpunkte aller laufenden und geplanten Projekte", "Gates of all running and planned projects"
)
_GATES: Final = Text("Prüfpunkte je Projekt", "Gates by project")
_EXPLAINED: Final = Text(
    "Die Prüfpunkte ergeben sich aus den Registern. „Fällig und offen“ heißt: Das Projekt hat den Stand "
    "erreicht, ab dem die Pflicht gilt, und die Pflicht ist nicht erfüllt.",
    "The gates follow from the registers. “Due and open” means: the project has reached the stage from which "
    "on the duty holds, and the duty is not met.",
)
_VIOLATED: Final = Text("Fällige, offene Prüfpunkte", "Gates that are due and open")
_NOTHING_RED: Final = Text("Kein Prüfpunkt ist fällig und offen.", "No gate is due and open.")
_PAPERS: Final = Text("Vorlagen", "Council papers")
_NONE_TITLE: Final = Text("Keine Projekte", "No projects")
_NONE: Final = Text("Die Auswahl enthält kein Projekt.", "The selection contains no project.")
_NUMBER: Final = Text("Nr.", "No.")
_PROJECT: Final = Text("Projekt", "Project")
_THEME: Final = Text("Thema", "Theme")
_GOAL: Final = Text("Ziel", "Goal")
_UNIT: Final = Text("Organisationseinheit", "Unit")
_STAGE: Final = Text("Stand", "Stage")
_SINCE: Final = Text("Seit", "Since")
_FUNDS: Final = Text("Mittel in Euro", "Funds in euros")
_FUNDS_HELP: Final = Text("Summe aller eingetragenen Beträge.", "Sum of all amounts entered.")
_NEXT: Final = Text("Nächster Schritt", "Next step")
_TURN: Final = Text("Wer ist dran", "Whose turn")
_DUE: Final = Text("Meilenstein", "Milestone")
_GATE: Final = Text("Prüfpunkt", "Gate")
_DUTY: Final = Text("Verletzte Pflicht", "Duty violated")
_DECISION: Final = Text("Entscheidung der Leitung", "Decision of management")
_UNTIL: Final = Text("Gilt bis", "Holds until")
_OPINION: Final = Text("Datenschutzbeauftragte", "Data protection officer")
_UNDECIDED: Final = Text("Keine Entscheidung festgehalten.", "No decision recorded.")
_OVER: Final = Text("Abgelaufen:", "Expired:")
_LEAD: Final = Text("Projektleitung", "Project lead")
_STAGES: Final = Text("Verlauf", "Stages so far")
_FUNDING: Final = Text("Finanzierung", "Funding")
_PARTNERS: Final = Text("Beteiligte", "Partners")
_EURO: Final = Text("Euro", "euros")
_PAPER: Final = Text("Vorlage", "Paper")
_ABOUT: Final = Text("Betreff", "Subject")
_COMMITTEE: Final = Text("Gremium", "Committee")
_MET_ON: Final = Text("Sitzung am", "Meeting on")
