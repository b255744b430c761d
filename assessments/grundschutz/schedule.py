"""When measures begin and end, what waits for what, and what can still be kept (Umsetzungsplanung).

This module knows jobs by their number and days, and nothing else. A job begins only
after everything it depends on has ended. Where jobs depend on one another in a circle,
the dependencies inside the circle are left out of account, and the circle is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from assessments.grundschutz.inheritance import cycles

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """What is planned of one measure."""

    start: date | None = None
    end: date | None = None
    after: tuple[int, ...] = ()
    """The numbers of the jobs that must have ended before."""
    is_done: bool = False
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a job stands on the calendar; both ends are included."""

    start: date | None = None
    """``None`` where only the day is known by which it is to be done."""
    end: date | None = None
    expected: date | None = None
    """The day on which it can end as things stand today; ``None`` where nobody has set a day."""
    blocked_by: tuple[int, ...] = ()
    """The jobs it depends on that end too late for what is planned."""

    @property
    def is_late(self) -> bool:
        """Whether the planned day can no longer be kept."""
        return self.end is not None and self.expected is not None and self.expected > self.end


def circles(jobs: Mapping[int, Job]) -> list[tuple[int, ...]]:
    """The groups of jobs that wait for one another, each in ascending order."""
    return cycles({number: job.after for number, job in jobs.items()})


def scheduled(jobs: Mapping[int, Job], today: date) -> dict[int, Slot]:
    """The place of every job; dependencies on jobs that are not among *jobs* are left out of account."""
    waits = _without_circles(jobs)
    found: dict[int, Slot] = {}
    for number in in_sequence(waits):
        before = {other: found[other] for other in waits[number]}
        found[number] = _slot(jobs[number], before, jobs, today)
    return {number: found[number] for number in jobs}


def _without_circles(jobs: Mapping[int, Job]) -> dict[int, tuple[int, ...]]:
    circle_of = {number: index for index, circle in enumerate(circles(jobs)) for number in circle}

    def counts(number: int, other: int) -> bool:
        return other in jobs and (number not in circle_of or circle_of[number] != circle_of.get(other))

    return {
        number: tuple(dict.fromkeys(other for other in job.after if counts(number, other)))
        for number, job in jobs.items()
    }


def in_sequence(waits: Mapping[int, Collection[int]]) -> Iterator[int]:
    """Every number after those it waits for, which must not be in a circle; otherwise in ascending order."""
    seen: set[int] = set()
    for root in sorted(waits):
        stack = [root]
        while stack:
            number = stack[-1]
            open_ones = [] if number in seen else [one for one in waits[number] if one not in seen]
            if open_ones:
                stack.extend(sorted(open_ones, reverse=True))
            else:
                stack.pop()
                if number not in seen:
                    seen.add(number)
                    yield number


def _slot(job: Job, before: Mapping[int, Slot], jobs: Mapping[int, Job], today: date) -> Slot:
    pending = {other: slot for other, slot in before.items() if not jobs[other].is_done}
    start = job.start or _after_the_last(before, job.end)
    if start and job.end and start > job.end:
        start = job.end
    blocked = tuple(
        other
        for other, slot in pending.items()
        if slot.end and job.end and not job.is_done and slot.end >= (job.start or job.end)
    )
    return Slot(start, job.end, _expected(job, start, pending, today), blocked)


def _after_the_last(before: Mapping[int, Slot], end: date | None) -> date | None:
    """The first day that is free once everything before has ended, if that leaves any time."""
    ends = [slot.end for slot in before.values() if slot.end]
    first = max(ends) + _DAY if ends and max(ends) < date.max else None
    return first if first and end and first <= end else None


def _expected(job: Job, start: date | None, pending: Mapping[int, Slot], today: date) -> date | None:
    if job.is_done:
        return job.done_on or job.end
    if job.end is None:
        return None
    last = max((slot.expected for slot in pending.values() if slot.expected), default=None)
    begin = start or job.end
    if last is not None and last >= begin:
        begin = _later(last, _DAY)
    return max(job.end, today, _later(begin, job.end - (start or job.end)))


def _later(day: date, by: timedelta) -> date:
    """*day* moved by a length of time, as far as the calendar goes."""
    return day + by if date.max - day >= by else date.max
