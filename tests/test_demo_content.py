"""What the demo city and the samples promise: complete, consistent, and written in proper German."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from compliance.demo.registers import DemoEntry, register_entries, units
from compliance.entry import Entry, State
from compliance.fields import Line, Prose, Rows, fields, missing
from compliance.rules import Severity, Situation
from registers import REGISTERS
from registers.commissioned import CommissionedProcessing
from registers.objects import TargetObject
from registers.processing import ProcessingActivity, Stage
from registers.processors import ContractState, Processor
from registers.projects import Project
from registers.rounds import UpdateRound
from registers.rules import RULES
from registers.samples import newer_sample, samples

TODAY = date(2026, 11, 23)


@cache
def demo() -> tuple[DemoEntry, ...]:
    return tuple(register_entries(units()))


def of(model: type[Entry]) -> list[DemoEntry]:
    return [found for found in demo() if type(found.entry) is model]


def test_every_register_has_content() -> None:
    counts = Counter(type(found.entry).__name__ for found in demo())

    assert counts == {
        "Authority": 1,
        "AuthorityListItem": 3,
        "Theme": 13,
        "Goal": 10,
        "Processor": 13,
        "JointControllership": 4,
        "CommissionedProcessing": 3,
        "TargetObject": 46,
        "NeedCategory": 5,
        "Connection": 8,
        "Project": 25,
        "Norm": 8,
        "Service": 11,
        "ProcessingActivity": 77,
        "RetentionRule": 7,
        "Measure": 5,
        "Training": 3,
        "AdviceGiven": 4,
        "Inspection": 4,
        "AuthorityCase": 3,
        "Breach": 5,
        "SecurityIncident": 4,
        "SubjectRequest": 5,
    }
    # The update round is begun by the people of the city, not read from a file.
    assert set(counts) == {model.__name__ for model in REGISTERS if model is not UpdateRound}


def test_names_are_unique_within_a_register() -> None:
    names = Counter((type(found.entry).__name__, found.entry.name) for found in demo())

    assert [name for name, count in names.items() if count > 1] == []


def test_every_department_answers_for_something() -> None:
    known = units()
    parents = {unit.parent.key for unit in known.values() if unit.parent}

    assert {found.entry.unit.key for found in demo()} == set(known) - parents


def test_every_target_object_rests_on_objects_that_stand_before_it() -> None:
    before: set[str] = set()
    for found in of(TargetObject):
        assert {base.name for base in found.entry.depends_on} <= before  # type: ignore[attr-defined]
        before.add(found.entry.name)


def test_activities_processors_objects_and_projects_hang_together() -> None:
    activities = [found.entry for found in of(ProcessingActivity)]

    assert {processor.name for a in activities for processor in a.processors} >= {  # type: ignore[attr-defined]
        found.entry.name
        for found in of(Processor)
        if found.entry.name
        # One only runs sensors without personal data, the other has ended.
        not in ("Signalboje Verkehrstechnik GmbH", "Ruderhaus Gehaltsabrechnung GmbH")
    }
    assert all(found.entry.theme for found in of(Project))  # type: ignore[attr-defined]
    assert len({a.project.name for a in activities if a.project}) >= 6  # type: ignore[attr-defined]


def test_what_is_to_be_released_misses_nothing_and_breaks_no_rule() -> None:
    released = [found.entry for found in demo() if found.state is State.RELEASED]

    assert {(entry.name, tuple(missing(entry))) for entry in released if missing(entry)} == set()
    assert [(entry.name, rule) for entry in released for rule in _errors(entry)] == []


def test_faulty_entries_show_what_the_findings_are_for() -> None:
    broken = {rule for found in demo() if found.state is not State.RELEASED for rule in _errors(found.entry)}

    assert broken >= {
        "AVV-003",
        "AVV-005",
        "JC-001",
        "TRF-001",
        "TRF-003",
        "VVT-004",
        "VVT-005",
        "VVT-012",
        "VVT-014",
        "VVT-015",
        "VVT-017",
    }


def test_a_contract_that_has_expired_is_still_in_use() -> None:
    in_use = {
        processor.name
        for found in of(ProcessingActivity)
        if found.entry.stage is Stage.OPERATION  # type: ignore[attr-defined]
        for processor in found.entry.processors  # type: ignore[attr-defined]
        if processor.contract_state is ContractState.EXPIRED
    }

    assert in_use == {"Lesezeichen Bibliothekssysteme GmbH"}


def test_some_activities_were_begun_from_samples_and_one_sample_has_a_new_wording() -> None:
    begun = [found.entry for found in of(ProcessingActivity) if found.entry.sample_id]  # type: ignore[attr-defined]
    undecided = {
        entry.name: sum(not point.decided for point in entry.open_points)  # type: ignore[attr-defined]
        for entry in begun
    }

    assert undecided == {
        "Anträge auf Informationszugang": 2,
        "Öffentliches WLAN in Rathaus und Bücherei": 1,
        "Telefonanlage der Verwaltung": 0,
    }
    newer = {entry.name: newer_sample(entry) for entry in begun}  # type: ignore[arg-type]
    assert [name for name, wording in newer.items() if wording] == [
        "Öffentliches WLAN in Rathaus und Bücherei"
    ]


def test_some_deadlines_are_overdue_and_some_are_near() -> None:
    for model, name in ((ProcessingActivity, "next_review"), (Project, "next_milestone")):
        days = [getattr(found.entry, name) for found in of(model)]
        left = [(day - TODAY).days for day in days if day]

        assert len([days for days in left if days < 0]) >= 3
        assert len([days for days in left if 0 <= days <= 30]) >= 5
        assert len([days for days in left if days > 60]) >= 9


def _errors(entry: Entry) -> set[str]:
    commissions = [found.entry for found in of(CommissionedProcessing)]
    situation = Situation(TODAY, near={"CommissionedProcessing": commissions})
    return {
        rule.id
        for rule in RULES
        if rule.judges is type(entry)
        for hit in rule.check(entry, situation)
        if (hit.severity or rule.severity) is Severity.ERROR
    }


# --- Language ------------------------------------------------------------------------------------

PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|n\.n\.|xxx+|lorem|ipsum|muster(?:mann|frau|stadt|straße)|platzhalter|beispieltext"
    r"|siehe oben|diverses|asdf)\b",
    re.IGNORECASE,
)
SPELLED_OUT = re.compile(r"\b\w*(?<![aeäq])(?:ae|oe|ue)\w*", re.IGNORECASE)
"""A word in which an umlaut might have been spelled out, as in „fuer“ or „Loeschung“."""
RIGHT_AS_IT_IS = re.compile(r"(?:aktuell|individuell|manuell|visuell|virtuell|bluetooth)\w*", re.IGNORECASE)


def _texts(thing: object) -> Iterator[str]:
    for name, spec in fields(type(thing)).items():
        value = getattr(thing, name)
        match spec:
            case Line() | Prose():
                if not _technical(value):
                    yield value
            case Rows():
                for part in value:
                    yield from _texts(part)
            case _:
                pass


def _technical(text: str) -> bool:
    """Addresses of the web cannot carry umlauts."""
    return text.startswith("https://") or "@" in text or "https://" in text


def _all_texts() -> list[str]:
    found = [text for entry in demo() for text in _texts(entry.entry)]
    found += [text for sample in samples() for text in _texts(sample.activity())]
    found += [unit.name for unit in units().values()]
    return found


def test_no_text_is_a_placeholder() -> None:
    assert [text for text in _all_texts() if PLACEHOLDER.search(text)] == []


def test_umlauts_are_written_as_umlauts() -> None:
    words = {word for text in _all_texts() for word in SPELLED_OUT.findall(text)}

    assert sorted(word for word in words if not RIGHT_AS_IT_IS.fullmatch(word)) == []


@pytest.mark.parametrize("mark", ['"', "''", " ,", " .", "  ", "..."])
def test_typography_is_german(mark: str) -> None:
    assert [text for text in _all_texts() if mark in text] == []
