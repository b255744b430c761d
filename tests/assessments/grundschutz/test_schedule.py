"""A schedule respects what waits for what, says what can still be kept, and survives circles."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.schedule import Job, Slot, circles, in_sequence, scheduled

TODAY = date(2026, 3, 2)
_days = st.one_of(
    st.none(), st.dates(date(2025, 6, 1), date(2028, 12, 31)), st.just(date.min), st.just(date.max)
)


@st.composite
def projects(draw: st.DrawFn, *, circular: bool = True) -> dict[int, Job]:
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=10))
    jobs = {}
    for index, number in enumerate(numbers):
        others = numbers if circular else numbers[:index]
        after = draw(st.lists(st.sampled_from(others), max_size=3)) if others else []
        days = sorted(day for day in (draw(_days), draw(_days)) if day)
        done = draw(st.booleans())
        start, end = (days[0], days[1]) if len(days) == 2 else (None, days[0] if days else None)
        jobs[number] = Job(start, end, tuple(after), done, draw(_days) if done else None)
    return jobs


@given(projects())
def test_every_job_has_a_place_and_a_plan_is_never_changed(jobs: dict[int, Job]) -> None:
    slots = scheduled(jobs, TODAY)
    assert list(slots) == list(jobs)
    assert {number: slot.end for number, slot in slots.items()} == {n: job.end for n, job in jobs.items()}


@given(projects())
def test_a_job_begins_before_it_ends_and_an_open_one_ends_neither_in_the_past_nor_too_early(
    jobs: dict[int, Job],
) -> None:
    for number, slot in scheduled(jobs, TODAY).items():
        if slot.start and slot.end:
            assert slot.start <= slot.end
        if not jobs[number].is_done and slot.end:
            assert slot.expected is not None
            assert slot.expected >= max(slot.end, TODAY)


@given(projects(circular=False))
def test_an_open_job_ends_after_every_open_one_it_waits_for(jobs: dict[int, Job]) -> None:
    slots = scheduled(jobs, TODAY)
    for number, job in jobs.items():
        for other in job.after:
            mine, before = slots[number].expected, slots[other].expected
            if mine and before and not job.is_done and not jobs[other].is_done and before < date.max:
                assert mine > before


@given(projects(), st.randoms(use_true_random=False))
def test_the_order_in_which_jobs_come_makes_no_difference(
    jobs: dict[int, Job], shuffler: random.Random
) -> None:
    shuffled = list(jobs.items())
    shuffler.shuffle(shuffled)
    assert scheduled(dict(shuffled), TODAY) == scheduled(jobs, TODAY)


@given(projects(circular=False))
def test_what_is_planned_as_it_can_be_kept_is_kept(jobs: dict[int, Job]) -> None:
    """Whoever moves every day to where it can be kept has a plan without delays."""
    slots = scheduled(jobs, TODAY)
    moved = {}
    for number, job in jobs.items():
        slot = slots[number]
        by = slot.expected - job.end if slot.expected and job.end and not job.is_done else timedelta()
        start = job.start + by if job.start and date.max - job.start >= by else job.start
        moved[number] = replace(job, start=start, end=slot.expected if by else job.end)
    again = scheduled(moved, TODAY)
    within = [n for n, job in jobs.items() if not job.is_done and slots[n].expected != date.max]
    assert [n for n in within if again[n].is_late] == []


@given(projects())
def test_circles_are_reported_exactly_where_a_job_reaches_itself(jobs: dict[int, Job]) -> None:
    found = {number for circle in circles(jobs) for number in circle}
    assert found & jobs.keys() == {number for number in jobs if _reaches(jobs, number, number)}


def _reaches(jobs: dict[int, Job], start: int, goal: int) -> bool:
    seen: set[int] = set()
    open_ones = list(jobs[start].after)
    while open_ones:
        number = open_ones.pop()
        if number == goal:
            return True
        if number not in seen and number in jobs:
            seen.add(number)
            open_ones += jobs[number].after
    return False


@given(projects(circular=False))
def test_a_sequence_names_every_job_once_and_after_what_it_waits_for(jobs: dict[int, Job]) -> None:
    waits = {number: job.after for number, job in jobs.items()}
    found = list(in_sequence(waits))
    assert sorted(found) == sorted(jobs)
    assert all(found.index(other) < found.index(number) for number in jobs for other in waits[number])


def day(month: int, number: int) -> date:
    return date(2026, month, number)


@pytest.mark.parametrize(
    ("job", "slot"),
    [
        (Job(), Slot()),
        (Job(end=day(6, 30)), Slot(end=day(6, 30), expected=day(6, 30))),
        (Job(day(5, 1), day(6, 30)), Slot(day(5, 1), day(6, 30), day(6, 30))),
        # What it waits for ends on 31 March, so it begins on the day after.
        (Job(end=day(6, 30), after=(1,)), Slot(day(4, 1), day(6, 30), day(6, 30))),
        # It was to begin on 1 March; a month later it can, and ends a month later, too.
        (Job(day(3, 1), day(3, 31), after=(1,)), Slot(day(3, 1), day(3, 31), day(5, 1), (1,))),
        (Job(end=day(3, 31), after=(1,)), Slot(None, day(3, 31), day(4, 1), (1,))),
        (Job(end=day(2, 1)), Slot(end=day(2, 1), expected=TODAY)),
        (Job(end=day(2, 1), is_done=True, done_on=day(2, 9)), Slot(end=day(2, 1), expected=day(2, 9))),
        (Job(end=day(3, 31), after=(99,)), Slot(end=day(3, 31), expected=day(3, 31))),
    ],
)
def test_the_place_of_one_job(job: Job, slot: Slot) -> None:
    jobs = {1: Job(day(3, 5), day(3, 31)), 2: job}
    assert scheduled(jobs, TODAY)[2] == slot


def test_what_is_overdue_moves_everything_that_waits_for_it() -> None:
    jobs = {
        1: Job(day(1, 1), day(2, 1)),
        2: Job(day(2, 2), day(3, 10), (1,)),
        3: Job(day(3, 11), day(3, 20), (2,)),
    }
    slots = scheduled(jobs, TODAY)
    assert [slots[number].expected for number in (1, 2, 3)] == [TODAY, day(4, 8), day(4, 18)]
    assert all(slot.is_late for slot in slots.values())
