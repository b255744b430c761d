"""WiBA: questions and mapping are imported whole, answered in a domain, and carried over to the check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from assessments.grundschutz import takeover_rules
from assessments.grundschutz.check import Given, RequirementAnswer, Status
from assessments.grundschutz.domain import Approach, knows_risk_analysis, levels
from assessments.grundschutz.kompendium import Level, UnreadableCatalogue
from assessments.grundschutz.modelling import load_assignment
from assessments.grundschutz.rules import RULES
from assessments.grundschutz.stale_takeovers import mark_all_takeovers, mark_takeovers
from assessments.grundschutz.taking_over import Confidence, Proposal, Standing
from assessments.grundschutz.wiba import (
    WibaFile,
    WibaImport,
    WibaLink,
    WibaQuestion,
    WibaTable,
    import_wiba,
    links,
    questions_of,
)
from assessments.grundschutz.wiba_check import (
    WibaGiven,
    WibaStatus,
    answer_question,
    take_answers,
    wiba_checklist,
    wiba_rows,
    wiba_tallies,
)
from assessments.grundschutz.wiba_proposals import (
    Asked,
    WibaLine,
    WibaSource,
    outdated_at,
    proposed,
    take_over_wiba,
    wiba_lines,
)
from assessments.grundschutz.wiba_tables import (
    Filled,
    Question,
    checklists,
    in_order,
    is_links,
    is_questions,
    read_answers,
    read_links,
    read_questions,
)
from compliance.database import today
from compliance.errors import Forbidden, NotFound, Outdated, Refused
from compliance.findings import findings_of
from compliance.journal import verify
from registers.importing.sheets import read_sheets
from registers.importing.tables import Cell
from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.cross_tables import sheets, workbook
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.wiba_workbooks import BACKUP, DOCUMENTATION

YES, NO, NOT_RELEVANT = WibaStatus.YES, WibaStatus.NO, WibaStatus.NOT_RELEVANT
LINKS = {(BACKUP, 1): ["SYS.1.1.A1", "SYS.1.1.A2"], (BACKUP, 2): ["SYS.1.1.A1"], (5, 1): ["SYS.1.1.A5"]}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    rules = (*RULES, *takeover_rules.RULES)
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}", rules, last=(mark_takeovers,))
    yield house
    house.database.engine.dispose()


def take_in(house: House, cells: dict[str, list[list[Cell]]]) -> WibaImport:
    data = workbook(cells)
    return import_wiba(house.database, data, read_sheets(data, "wiba.xlsx"), actor=ACTOR)


@pytest.fixture
def ready(house: House) -> House:
    """A house on the WiBA level with two questions in each checklist and a module to carry over to."""
    take_in(house, wiba_workbooks.questions())
    take_in(house, wiba_workbooks.links(LINKS))
    house.set_approach(Approach.WIBA)
    house.assign((house.server_id, "SYS.1.1"))
    return house


def give(
    house: House, key: str, status: WibaStatus | None, note: str = "", version: int | None = None
) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        answer_question(session, domain, key, WibaGiven(status, note), by=ISB, version=version)


def lines(house: House) -> list[WibaLine]:
    with house.database.reading(ORGANISATION) as session:
        return wiba_lines(session, load_domain(session, house.domain_id))


def take(house: House, *words: str, by: object = ISB) -> int:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        return take_over_wiba(session, domain, words, by=by)  # type: ignore[arg-type]


# --- The workbooks -------------------------------------------------------------------------------


def test_there_are_19_checklists_in_four_priorities() -> None:
    assert [each.number for each in checklists()] == list(range(1, 20))
    assert {each.priority for each in checklists()} == {1, 2, 3, 4}


def test_the_questions_are_read_from_their_sheet_and_nothing_else() -> None:
    found = sheets(wiba_workbooks.questions(3))
    assert (is_questions(found), is_links(found)) == (True, False)
    read = read_questions(found)
    assert len(read) == 19 * 3
    assert read[6] == Question(
        3, 1, "Ist Punkt 1 von „Backup“ geregelt?", aids="Muster der Stadt", effort="gering"
    )
    assert read[6].key == "3.1"


def test_a_checklist_named_once_holds_for_the_rows_below_and_spelling_may_differ() -> None:
    cells = wiba_workbooks.questions(2)
    cells[DOCUMENTATION][2][0] = None
    cells[DOCUMENTATION][2][3] = "CON.3.A5"
    cells[DOCUMENTATION][3][0] = "Arbeit innerhalb der Institution/Haustechnik"
    assert len(read_questions(sheets(cells))) == 38


def one_sheet(rows: list[list[Cell]]) -> dict[str, list[list[Cell]]]:
    return {DOCUMENTATION: rows}


def in_sheets(rows: list[list[Cell]]) -> dict[str, list[list[Cell]]]:
    """A sheet for each checklist, without the column that names it; spreadsheets cut long names off."""
    found: dict[str, list[list[Cell]]] = {"Anleitung": [["Willkommen"]]}
    for each in checklists():
        name = f"{each.number:02} {each.title}".replace("/", "-")[:31]
        found[name] = [rows[0][1:], *(row[1:] for row in rows[1:] if row[0] == each.title)]
    return found


def under_titles(rows: list[list[Cell]]) -> dict[str, list[list[Cell]]]:
    """The checklist in a merged cell above its questions, the header printed again below it."""
    found: list[list[Cell]] = [rows[0]]
    for each in checklists():
        found += [[each.title, *[None] * 6], rows[0]]
        found += [[None, *row[1:]] for row in rows[1:] if row[0] == each.title]
    return one_sheet(found)


@pytest.mark.parametrize(
    "laid_out",
    [
        lambda rows: one_sheet([[None, *row] for row in rows]),
        lambda rows: one_sheet([[*row[4::-1], *row[:4:-1]] for row in rows]),
        lambda rows: one_sheet([["WiBA"], [], ["Stand", "2023"], *rows]),
        lambda rows: one_sheet([line for row in rows for line in (row, list[Cell](), list[Cell]([" "]))]),
        lambda rows: one_sheet([[*row[:1], "", *row[1:]] for row in rows]),
        lambda rows: one_sheet(
            [rows[0], *([row[0], f"{number}.{row[1]}.", *row[2:]] for number, row in numbered(rows))]
        ),
        lambda rows: one_sheet(
            [["CHECKLISTE", "Nr", "Prüffrage:", "Hilfsmittel", "Aufwand", "Umsetzung", "Notiz"], *rows[1:]]
        ),
        in_sheets,
        under_titles,
    ],
    ids=[
        "shifted with its header",
        "other order of columns",
        "lines above the header",
        "blank lines",
        "an empty column",
        "numbers with that of the checklist",
        "other spelling",
        "a sheet for each checklist",
        "merged titles and repeated headers",
    ],
)
def test_the_layout_of_the_workbook_may_differ(
    laid_out: Callable[[list[list[Cell]]], dict[str, list[list[Cell]]]],
) -> None:
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][5][5:] = ["ja", "Täglich"]
    found = sheets(laid_out(cells[DOCUMENTATION]))
    assert (is_questions(found), is_links(found)) == (True, False)
    assert read_questions(found) == read_questions(sheets(cells))
    assert read_answers(found) == {"3.1": Filled("YES", "Täglich")}


def numbered(rows: list[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    """The questions with the number of their checklist."""
    numbers = {each.title: each.number for each in checklists()}
    return ((numbers[str(row[0])], row) for row in rows[1:])


Damage = Callable[[list[list[Cell]]], object]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            lambda rows: [row.insert(1, None) for row in rows[1:]],
            "Zeile 2, Spalte B: „“ ist keine Nummer einer Frage; vielleicht sind Spalten verschoben",
        ),
        (
            lambda rows: rows[0].pop(3),
            "Es fehlt die Spalte „Hilfsmittel“; vielleicht sind Spalten verschoben. Hier stehen: „Check",
        ),
        (lambda rows: rows[0].__setitem__(3, "Nr."), "Zeile 1, Spalte D: Die Spalte „Nr.“ kommt zweimal vor"),
        (lambda rows: rows[0].__setitem__(0, "Liste"), "Zeile 1: Es fehlt die Spalte „Checkliste“"),
        (lambda rows: rows[2].__setitem__(0, "Kantine"), "Zeile 3, Spalte A: „Kantine“ ist keine der 19"),
        (lambda rows: rows[1].__setitem__(0, None), "Zeile 2, Spalte A: „“ ist keine der 19"),
        (lambda rows: rows[2].__setitem__(1, "zwei"), "Zeile 3, Spalte B: „zwei“ ist keine Nummer"),
        (lambda rows: rows[2].__setitem__(1, 1), "Zeile 3, Spalte B: Die Frage 1.1 kommt zweimal vor"),
        (lambda rows: rows[2].__setitem__(2, " "), "Zeile 3, Spalte C: Hier fehlt der Text der Frage"),
        (
            lambda rows: rows.__delitem__(slice(-2, None)),
            "Es fehlen Checklisten (1): Webserver und Webanwendungen",
        ),
        (lambda rows: rows.clear(), "Auf keinem Blatt steht eine Tabelle mit der Spalte „Prüffrage“"),
    ],
)
def test_a_damaged_workbook_is_refused_with_its_place(damage: Damage, said: str) -> None:
    cells = wiba_workbooks.questions()
    damage(cells[DOCUMENTATION])
    with pytest.raises(UnreadableCatalogue) as refused:
        read_questions(sheets(cells))
    assert said in refused.value.text.de
    assert "Nothing was imported" in refused.value.text.en


def test_nothing_of_a_damaged_workbook_is_stored(house: House) -> None:
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][-1][2] = None
    with pytest.raises(UnreadableCatalogue):
        take_in(house, cells)
    with house.database.reading() as session:
        tables = (WibaFile, WibaQuestion, WibaLink)
        assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == [0, 0, 0]


def test_the_mapping_names_requirements_wherever_they_stand_in_the_row() -> None:
    found = sheets(wiba_workbooks.links(LINKS))
    assert (is_questions(found), is_links(found)) == (False, True)
    assert read_links(found) == {
        "3.1": ("SYS.1.1.A1", "SYS.1.1.A2"),
        "3.2": ("SYS.1.1.A1",),
        "5.1": ("SYS.1.1.A5",),
    }


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Mapping": [["Checkliste", "Anforderung"], ["Backup", "SYS.1.1.A1"]]}, "Es fehlt die Spalte „Nr.“"),
        (
            wiba_workbooks.links({(3, 1): ["SYS.1.1.A999"]}),
            "Zeile 3, Spalte D: Die Anforderung „SYS.1.1.A999“",
        ),
        (wiba_workbooks.links({(3, 1): []}), "zu keiner Frage eine Anforderung"),
    ],
)
def test_a_damaged_mapping_is_refused_with_its_place(cells: dict[str, list[list[Cell]]], said: str) -> None:
    with pytest.raises(UnreadableCatalogue) as refused:
        read_links(sheets(cells))
    assert said in refused.value.text.de


def test_both_workbooks_are_imported_once_and_replaced_by_others(house: House) -> None:
    first, again = take_in(house, wiba_workbooks.questions()), take_in(house, wiba_workbooks.questions())
    assert (first.table, first.counts, first.changed, again.changed) == (
        WibaTable.QUESTIONS,
        {"checklists": 19, "questions": 38},
        True,
        False,
    )
    mapped = take_in(house, wiba_workbooks.links(LINKS))
    assert (mapped.counts, mapped.changed) == ({"questions": 3, "mapped_requirements": 3}, True)
    assert take_in(house, wiba_workbooks.questions(1)).changed
    with house.database.reading() as session:
        assert len(questions_of(session, BACKUP)) == 1
        assert links(session)["SYS.1.1.A1"] == ("3.1", "3.2")
    assert verify(house.database).breaks == ()


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=30)


@given(st.dictionaries(st.tuples(st.integers(1, 19), st.integers(1, 40)), TEXTS))
def test_every_question_that_is_written_is_read(more: dict[tuple[int, int], str]) -> None:
    cells = wiba_workbooks.questions(0)
    asked = {(number, 41): "Letzte Frage?" for number in range(1, 20)} | more
    titles = {each.number: each.title for each in checklists()}
    cells[DOCUMENTATION] += [[titles[checklist], number, text] for (checklist, number), text in asked.items()]
    found = {(each.checklist, each.number): each.text for each in read_questions(sheets(cells))}
    assert found == asked


@given(st.integers(0, 5), st.integers(0, 6), st.text(max_size=8) | st.integers() | st.none() | st.dates())
def test_any_cell_is_read_or_refused_in_words(row: int, column: int, cell: Cell) -> None:
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][row][column] = cell
    try:
        count = len(read_questions(sheets(cells)))
    except UnreadableCatalogue:
        count = 0
    assert count in (0, 37, 38)


@given(st.integers(1, 4), st.integers(0, 3), st.text(max_size=20) | st.integers() | st.none())
def test_any_cell_of_the_mapping_is_read_or_refused_in_words(row: int, column: int, cell: Cell) -> None:
    cells = wiba_workbooks.links(LINKS)
    cells["Mapping"][row][column] = cell
    try:
        found = read_links(sheets(cells))
    except UnreadableCatalogue:
        found = {}
    assert {in_order(key)[0] for key in found} <= set(range(1, 20))


# --- Answering -----------------------------------------------------------------------------------


def test_the_level_asks_for_basic_requirements_and_knows_no_risk_analysis() -> None:
    assert levels(Approach.WIBA) == {Level.BASIC}
    assert not knows_risk_analysis(Approach.WIBA)


def test_an_object_needs_no_module_on_the_way(house: House) -> None:
    assert {rule for rule, _place, _module in house.findings()} == {"GSC-003"}
    house.set_approach(Approach.WIBA)
    assert house.findings() == set()


def test_answers_count_by_checklist_the_most_urgent_first(ready: House) -> None:
    give(ready, "3.1", YES)
    give(ready, "3.2", NO, "Kein Plan")
    give(ready, "5.1", None, "Nur eine Notiz")
    with ready.database.reading(ORGANISATION) as session:
        domain = load_domain(session, ready.domain_id)
        tallies = wiba_tallies(session, domain)
        rows = wiba_rows(session, domain, wiba_checklist(BACKUP))
    assert [each.checklist.priority for each in tallies] == sorted(
        each.checklist.priority for each in tallies
    )
    assert {each.checklist.number: (each.answered, each.missing) for each in tallies if each.answered} == {
        3: (2, 1)
    }
    assert [(row.given.status, row.given.note, row.answered_on, row.version) for row in rows] == [
        (YES, "", today(), 1),
        (NO, "Kein Plan", today(), 1),
    ]


def test_a_question_with_a_new_wording_is_marked_until_it_is_answered_again(ready: House) -> None:
    give(ready, "3.1", YES)
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][5][2] = "Wird ganz anders gefragt?"
    take_in(ready, cells)

    def marked() -> list[bool]:
        with ready.database.reading(ORGANISATION) as session:
            domain = load_domain(session, ready.domain_id)
            return [row.reworded for row in wiba_rows(session, domain, wiba_checklist(BACKUP))]

    assert marked() == [True, False]
    give(ready, "3.1", YES)
    assert marked() == [False, False]


def test_outdated_unknown_and_forbidden_answers_are_refused(ready: House) -> None:
    give(ready, "3.1", YES, version=0)
    with pytest.raises(Outdated):
        give(ready, "3.1", NO, version=0)
    with pytest.raises(NotFound):
        give(ready, "3.99", NO)
    with pytest.raises(NotFound):
        wiba_checklist(20)
    with ready.database.writing(ORGANISATION, actor=ACTOR) as session, pytest.raises(Forbidden):
        answer_question(session, load_domain(session, ready.domain_id), "3.1", WibaGiven(NO), by=AUDITOR)


def test_a_filled_in_workbook_answers_what_is_still_open(ready: House) -> None:
    give(ready, "1.1", NO, "Vor Ort geprüft")
    cells = wiba_workbooks.questions()
    for row, (said, note) in enumerate(
        [("Ja", ""), ("nein", "Fehlt noch"), (" Nicht  relevant ", "Kein Homeoffice"), ("", "Nachfragen")],
        start=1,
    ):
        cells[DOCUMENTATION][row][5:] = [said, note]
    filled = read_answers(sheets(cells))
    assert filled == {
        "1.1": Filled("YES", ""),
        "1.2": Filled("NO", "Fehlt noch"),
        "2.1": Filled("NOT_RELEVANT", "Kein Homeoffice"),
        "2.2": Filled("", "Nachfragen"),
    }
    with ready.database.writing(ORGANISATION, actor=ACTOR) as session:
        assert take_answers(session, load_domain(session, ready.domain_id), filled, by=ISB) == (3, 1)
    with ready.database.reading(ORGANISATION) as session:
        domain = load_domain(session, ready.domain_id)
        given = [row.given for number in (1, 2) for row in wiba_rows(session, domain, wiba_checklist(number))]
    assert given == [
        WibaGiven(NO, "Vor Ort geprüft"),
        WibaGiven(NO, "Fehlt noch"),
        WibaGiven(NOT_RELEVANT, "Kein Homeoffice"),
        WibaGiven(None, "Nachfragen"),
    ]


def test_an_answer_that_is_none_is_refused_with_its_place_and_an_empty_workbook_too(ready: House) -> None:
    cells = wiba_workbooks.questions()
    cells[DOCUMENTATION][3][5] = "vielleicht"
    with pytest.raises(UnreadableCatalogue, match="vielleicht") as refused:
        read_answers(sheets(cells))
    assert "Zeile 4, Spalte F" in refused.value.text.de
    with ready.database.writing(ORGANISATION, actor=ACTOR) as session, pytest.raises(Refused):
        take_answers(session, load_domain(session, ready.domain_id), {}, by=ISB)


# --- Into the check ------------------------------------------------------------------------------


def asked(*statuses: WibaStatus) -> list[Asked]:
    return [Asked(f"3.{n}", status, "", date(2026, 3, 2)) for n, status in enumerate(statuses, start=1)]


@pytest.mark.parametrize(
    ("statuses", "unanswered", "proposal"),
    [
        ([YES, YES], 0, Proposal(Status.YES, Confidence.MEDIUM)),
        ([YES], 1, Proposal(Status.PARTIAL, Confidence.LOW)),
        ([NO], 0, Proposal(Status.NO, Confidence.MEDIUM)),
        ([NO, NO], 1, Proposal(Status.NO, Confidence.LOW)),
        ([YES, NO], 0, Proposal(Status.PARTIAL, Confidence.MEDIUM)),
        ([YES, NOT_RELEVANT], 0, Proposal(Status.YES, Confidence.MEDIUM)),
        ([NOT_RELEVANT], 0, Proposal(Status.UNNECESSARY, Confidence.LOW)),
        ([], 2, Proposal()),
    ],
)
def test_answers_propose_one_for_the_requirement(
    statuses: list[WibaStatus], unanswered: int, proposal: Proposal
) -> None:
    assert proposed(asked(*statuses), unanswered) == proposal


@given(st.lists(st.sampled_from(WibaStatus), min_size=1), st.integers(0, 3), st.randoms())
def test_the_order_of_questions_does_not_matter_and_only_a_whole_yes_is_one(
    statuses: list[WibaStatus], unanswered: int, random: object
) -> None:
    found = proposed(asked(*statuses), unanswered)
    shuffled = list(statuses)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert proposed(asked(*shuffled), unanswered) == found
    assert (found.status is Status.YES) is (YES in statuses and NO not in statuses and not unanswered)


def test_proposals_carry_over_with_their_source(ready: House) -> None:
    assert lines(ready) == []
    give(ready, "3.1", YES, "Täglich, außer Haus gelagert.")
    give(ready, "3.2", YES)
    first, second = lines(ready)
    assert [(each.requirement.id, each.proposal.status, each.standing) for each in (first, second)] == [
        ("SYS.1.1.A1", Status.YES, Standing.OPEN),
        ("SYS.1.1.A2", Status.YES, Standing.OPEN),
    ]
    assert take(ready, first.word) == 1
    day = f"{today():%d.%m.%Y}"
    with ready.database.reading(ORGANISATION) as session:
        stored = session.scalars(select(RequirementAnswer)).one()
        source = session.scalars(select(WibaSource)).one()
    assert (stored.requirement_id, stored.status, stored.remark) == (
        "SYS.1.1.A1",
        Status.YES,
        f"Übernommen aus WiBA: 3.1 „Ja“ ({day}), 3.2 „Ja“ ({day}).\n\nTäglich, außer Haus gelagert.",
    )
    assert (source.questions, source.taken_status, source.taken_on) == (
        f"3.1 „Ja“ ({day}), 3.2 „Ja“ ({day})",
        Status.YES,
        today(),
    )
    assert [each.standing for each in lines(ready)] == [Standing.TAKEN, Standing.OPEN]
    assert verify(ready.database).breaks == ()


def test_a_changed_answer_makes_the_carried_one_stale_until_it_is_taken_again(ready: House) -> None:
    give(ready, "3.1", YES)
    give(ready, "3.2", YES)
    words = [each.word for each in lines(ready)]
    assert take(ready, *words) == 2
    give(ready, "3.2", NO)
    assert [each.standing for each in lines(ready)] == [Standing.STALE, Standing.TAKEN]
    assert take(ready, *words) == 1
    assert [(each.current, each.standing) for each in lines(ready)] == [
        (Status.PARTIAL, Standing.TAKEN),
        (Status.YES, Standing.TAKEN),
    ]


def outdated(house: House) -> list[tuple[str, str]]:
    """What the domain is told about answers that were taken over."""
    with house.database.reading(ORGANISATION) as session:
        found = findings_of(session, [house.domain_id])
        return [
            (each.rule, " ".join(each.words.values()))
            for each in found
            if each.rule in {rule.id for rule in takeover_rules.RULES}
        ]


def test_a_changed_answer_is_a_finding_until_the_check_is_settled(ready: House) -> None:
    give(ready, f"{BACKUP}.1", YES)
    give(ready, f"{BACKUP}.2", YES)
    take(ready, *(line.word for line in lines(ready)))
    assert outdated(ready) == []
    give(ready, f"{BACKUP}.1", NO)
    assert outdated(ready) == [("GSC-005", "SYS.1.1.A1, SYS.1.1.A2")]
    with ready.database.reading(ORGANISATION) as session:
        assignment = load_assignment(session, ready.only_assignment())
        assert outdated_at(session, assignment) == ["SYS.1.1.A1", "SYS.1.1.A2"]
    take(ready, next(line.word for line in lines(ready) if line.requirement.id == "SYS.1.1.A1"))
    assert outdated(ready) == [("GSC-005", "SYS.1.1.A2")]
    ready.answer(ready.only_assignment(), "SYS.1.1.A2", Given(Status.UNNECESSARY, reason="Kein Server."))
    assert outdated(ready) == []


def test_a_new_mapping_is_noticed_when_everything_is_looked_at(ready: House) -> None:
    give(ready, f"{BACKUP}.1", YES)
    give(ready, f"{BACKUP}.2", NO)
    take(ready, *(line.word for line in lines(ready)))
    take_in(ready, wiba_workbooks.links({(BACKUP, 1): ["SYS.1.1.A1"], (BACKUP, 2): ["SYS.1.1.A5"]}))
    with ready.database.writing(ORGANISATION, actor=ACTOR) as session:
        mark_all_takeovers(session)
        ready.judge.judge_everything(session)
    assert outdated(ready) == [("GSC-005", "SYS.1.1.A1")]


def test_what_the_check_has_answered_itself_stays(ready: House) -> None:
    give(ready, "3.1", YES)
    ready.answer(ready.only_assignment(), "SYS.1.1.A1", Given(Status.NO))
    own, other = lines(ready)
    assert (own.standing, own.is_takeable, other.is_takeable) == (Standing.OWN, False, True)
    assert take(ready, own.word, other.word) == 1
    for words in ((own.word,), ("nonsense",), ()):
        with pytest.raises(Refused):
            take(ready, *words)
    with pytest.raises(Forbidden):
        take(ready, other.word, by=AUDITOR)


def test_keys_of_questions_are_ordered_as_numbers() -> None:
    assert sorted(["3.10", "3.9", "12.1"], key=in_order) == ["3.9", "3.10", "12.1"]
    assert Question(3, 7, "?").key == "3.7"
