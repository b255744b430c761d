"""A processor's deadlines, chain and audits follow from what is written down about them."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.fields import Span
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership, JointParty
from registers.processors import (
    ContractState,
    ProcessingLocation,
    Processor,
    ProcessorAudit,
    SubProcessor,
)


def derived(**facts: object) -> Processor:
    processor = Processor(name="Druckzentrum Nord eG", **facts)
    processor.derive()
    return processor


def test_the_reminder_stands_before_the_last_day_to_give_notice() -> None:
    processor = derived(
        valid_until=date(2026, 12, 31), notice_period=Span.parse("P3M"), lead_time=Span.parse("P6M")
    )
    assert (processor.notice_by, processor.remind_on) == (date(2026, 9, 30), date(2026, 3, 31))


def test_without_a_period_for_notice_the_reminder_counts_from_the_end() -> None:
    processor = derived(valid_until=date(2026, 12, 31))
    assert (processor.notice_by, processor.remind_on) == (None, date(2026, 9, 30))


@pytest.mark.parametrize("state", [ContractState.TERMINATED, ContractState.EXPIRED])
def test_once_notice_is_given_nobody_is_reminded(state: ContractState) -> None:
    processor = derived(valid_until=date(2026, 12, 31), notice_period=Span.parse("P3M"), contract_state=state)
    assert (processor.notice_by, processor.remind_on) == (None, None)


def test_the_time_to_object_follows_from_notice_and_agreement() -> None:
    new = SubProcessor(company="Neu GmbH", notified_on=date(2026, 11, 2))
    named = SubProcessor(
        company="Genannt GmbH", notified_on=date(2026, 11, 2), objection_until=date(2026, 12, 24)
    )
    processor = derived(objection_period=Span.parse("P4W"), sub_processors=[named, new])
    assert [link.objection_until for link in processor.sub_processors] == [
        date(2026, 12, 24),
        date(2026, 11, 30),
    ]
    assert processor.objection_by == date(2026, 11, 30)


def test_whoever_has_decided_has_no_objection_left_to_make() -> None:
    links = [
        SubProcessor(company="A", objection_until=date(2026, 11, 1), objected=False),
        SubProcessor(company="B", objection_until=date(2026, 12, 1), objected=True),
    ]
    assert derived(sub_processors=links).objection_by is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"country": COUNTRIES["DE"]}, False),
        ({"country": COUNTRIES["US"]}, True),
        ({"locations": [ProcessingLocation(place="Oslo", country=COUNTRIES["NO"])]}, False),
        ({"locations": [ProcessingLocation(place="Zürich", country=COUNTRIES["CH"])]}, True),
        ({"sub_processors": [SubProcessor(company="Cloud Inc.", country=COUNTRIES["IN"])]}, True),
        ({"country": COUNTRIES["DE"], "parent_country": COUNTRIES["US"]}, False),
    ],
)
def test_a_third_country_anywhere_in_the_chain_is_noticed(
    facts: dict[str, object], expected: bool | None
) -> None:
    assert derived(**facts).third_country is expected


def test_the_latest_audit_says_when_the_next_is_due() -> None:
    audits = [
        ProcessorAudit(held_on=date(2026, 5, 6), next_on=date(2028, 5, 31)),
        ProcessorAudit(held_on=date(2024, 3, 1), next_on=date(2026, 3, 31)),
    ]
    processor = derived(audits=audits)
    assert (processor.last_audit, processor.next_audit) == (date(2026, 5, 6), date(2028, 5, 31))


def test_a_planned_audit_is_due_and_does_not_count_as_held() -> None:
    processor = derived(audits=[ProcessorAudit(next_on=date(2027, 2, 1))])
    assert (processor.last_audit, processor.next_audit) == (None, date(2027, 2, 1))


def test_a_joint_controllership_is_listed_with_its_parties() -> None:
    joint = JointControllership(parties=[JointParty(text="Kreis"), JointParty(), JointParty(text="Werke")])
    joint.derive()
    assert joint.partners == "Kreis; Werke"
