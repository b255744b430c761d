"""The library of norms: shipped, taken over, recognised in texts, and found wanting when law changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from compliance.agenda import Desk, Matter, items, label_of, refresh_recalled
from compliance.database import today
from compliance.entry import State, everything
from compliance.findings import findings_of
from compliance.journal import JournalRecord, history
from compliance.people import Role
from compliance.release import content_hash
from compliance.rules import Situation
from registers.authority import Authority
from registers.library import (
    LibraryPlan,
    Shipped,
    compare,
    covers,
    library,
    shelves,
    shipped_for,
    take_over,
)
from registers.norm_rules import RULES
from registers.norms import Level, Norm, NormKind, Subject
from registers.processing import DataCategory, LegalBasis, ProcessingActivity, Purpose, Stage
from registers.recognition import key_of, shelved, words_in
from registers.services import Service
from tests.city import FOUNDER, City

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


# --- What is shipped -----------------------------------------------------------------------------


def every_shipped() -> list[Shipped]:
    return [norm for mark in library().values() for norm in mark.norms]


def test_the_library_holds_union_federation_and_schleswig_holstein() -> None:
    assert set(library()) == {"union", "bund", "sh"}
    assert covers("SH")
    assert not covers("BY")
    assert {one.key.split("/")[0] for one in shipped_for("BY")} == {"union", "bund"}


def test_the_law_of_another_land_is_one_more_file(tmp_path: Path) -> None:
    (tmp_path / "by.toml").write_text(
        """
        gathered = 2026-11-01
        [shared]
        level = "LAND"
        land = "BY"
        [[norms]]
        key = "by/bekannt"
        name = "Ein Gesetz des Freistaats"
        kind = "ACT"
        bases = ["PUBLIC_TASK"]
        """,
        encoding="utf-8",
    )

    mark = shelves(tmp_path)["by"]

    [norm] = [shipped.entry() for shipped in mark.norms]
    assert mark.gathered == date(2026, 11, 1)
    assert (norm.name, norm.level, norm.state) == ("Ein Gesetz des Freistaats", Level.LAND, State.IMPORTED)
    assert norm.land is not None
    assert norm.land.name == "BY"


def test_every_shipped_norm_names_its_source_and_is_unchecked() -> None:
    entries = [one.entry() for one in every_shipped()]

    assert [norm.name for norm in entries if not (norm.source and norm.link and norm.full_title)] == []
    assert [norm.name for norm in entries if norm.checked_on or norm.state is not State.IMPORTED] == []
    assert [norm.name for norm in entries if (norm.level is Level.LAND) != (norm.land is not None)] == []


def test_every_shipped_norm_is_recognised_by_every_name_it_has() -> None:
    entries = [one.entry() for one in shipped_for("SH")]
    known = shelved(entries)
    names = [(norm, name) for norm in entries for name in (norm.name, *norm.short_forms.split(";")) if name]

    assert [name for norm, name in names if known.cited_in(name) != [norm]] == []
    assert len({one.key for one in every_shipped()}) == len(every_shipped())


def test_successors_are_in_the_library() -> None:
    keys = {one.key for one in every_shipped()}

    assert {one.successor for one in every_shipped()} - {""} <= keys


# --- Taking it over ------------------------------------------------------------------------------

OLD = Shipped("sh/kag", {"name": "KAG SH", "full_title": "Kommunalabgabengesetz", "level": "LAND"})
NEW = replace(OLD, facts={**OLD.facts, "repealed": True, "notes": "Aufgehoben."})


def taken(city: City, *shipped: Shipped) -> LibraryPlan:
    with city.site.database.writing(city.id, actor=city.actor(next(iter(city.people)))) as session:
        plan = compare(session, shipped)
        take_over(session, plan)
    return plan


def norms(city: City) -> list[Norm]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(Norm).order_by(Norm.number).options(*everything(Norm))))


def records(city: City) -> int:
    with city.site.database.reading(city.id) as session:
        query = select(func.count()).where(JournalRecord.organisation_id == city.id)
        return session.scalar(query) or 0


def test_the_library_is_taken_over_once(city: City) -> None:
    first = taken(city, *shipped_for("SH"))
    after_first = records(city)
    second = taken(city, *shipped_for("SH"))

    stored = norms(city)
    assert first.counts()["new"] == len(stored) == len(shipped_for("SH"))
    assert second.counts() == {"new": 0, "renewed": 0, "kept": 0, "unchanged": len(stored), "withdrawn": 0}
    assert records(city) == after_first
    assert [norm.name for norm in stored] == [one.facts["name"] for one in shipped_for("SH")]


@SQLITE
def test_taking_over_is_journalled_and_knows_successors(city: City) -> None:
    taken(city, *shipped_for("SH"))

    old = next(norm for norm in norms(city) if norm.name == "LDSG SH (alt)")
    with city.site.database.reading(city.id) as session:
        actions = [change.action for change in history(session, old)]
    assert (old.superseded_by.name, actions) == ("LDSG SH", ["library"])


@SQLITE
def test_what_nobody_touched_is_renewed_and_must_be_checked_again(city: City) -> None:
    taken(city, OLD)
    [norm] = norms(city)
    city.change(norm, checked_on=date(2026, 1, 5), checked_by="Datenschutzbeauftragte")

    plan = taken(city, NEW)

    [norm] = norms(city)
    assert [(change.name, change.theirs) for change in plan.renewed[0].differences] == [
        ("repealed", True),
        ("notes", "Aufgehoben."),
    ]
    assert (norm.repealed, norm.notes, norm.checked_on, norm.checked_by) == (True, "Aufgehoben.", None, "")
    assert taken(city, NEW).counts()["unchanged"] == 1


@SQLITE
def test_what_somebody_changed_is_left_alone_and_told(city: City) -> None:
    taken(city, OLD)
    city.change(norms(city)[0], notes="Bei uns nur für Friedhofsgebühren.")

    plan = taken(city, NEW)

    [norm] = norms(city)
    assert plan.counts() == {"new": 0, "renewed": 0, "kept": 1, "unchanged": 0, "withdrawn": 0}
    assert {change.name for change in plan.kept[0].differences} == {"repealed", "notes"}
    assert (norm.repealed, norm.notes) == (None, "Bei uns nur für Friedhofsgebühren.")


@SQLITE
def test_a_norm_written_by_hand_is_not_doubled(city: City) -> None:
    city.save(Norm(name="kag sh", full_title="Unser Gesetz"))

    plan = taken(city, OLD)

    assert [norm.full_title for norm in norms(city)] == ["Unser Gesetz"]
    assert plan.counts()["kept"] == 1


@SQLITE
def test_what_is_no_longer_shipped_stays(city: City) -> None:
    taken(city, OLD)

    plan = taken(city)

    assert [norm.name for norm in plan.withdrawn] == ["KAG SH"] == [norm.name for norm in norms(city)]


# --- Recognising ---------------------------------------------------------------------------------

SHELF = [
    Norm(name="LDSG SH", short_forms="LDSG", areas=(Subject.DATA_PROTECTION,)),
    Norm(name="SGB I"),
    Norm(name="SGB X"),
    Norm(name="SGB XII"),
    Norm(name="WoGG", short_forms="Wohngeldgesetz"),
    Norm(name="AO", short_forms="Abgabenordnung"),
    Norm(name="IZG SH"),
]


def cited(text: str, shelf: Sequence[Norm] = SHELF) -> list[str]:
    return [norm.name for norm in shelved(shelf).cited_in(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("§ 3 LDSG SH", ["LDSG SH"]),
        ("§ 3 LDSG", ["LDSG SH"]),
        ("§ 3 LDSG NRW, Art. 3 LDSG BW", []),
        ("Wohngeldgesetz (WoGG), §§ 67–85a SGB X", ["WoGG", "SGB X"]),
        ("SGB XII, SGB X", ["SGB XII", "SGB X"]),
        ("SGB XIV", []),
        ("LBAO und AOK", []),
        ("§§ 29b–30 AO", ["AO"]),
        ("IZG-SH", ["IZG SH"]),
        ("wogg", []),
    ],
)
def test_only_exact_names_are_recognised(text: str, names: list[str]) -> None:
    assert cited(text) == names


def test_a_name_that_two_norms_have_names_none_unless_one_is_in_force() -> None:
    both = [Norm(name="GO", full_title="eine"), Norm(name="GO", full_title="andere")]
    old = [Norm(name="GO", full_title="alt", repealed=True), Norm(name="GO", full_title="neu")]

    assert cited("§ 27 GO", both) == []
    assert [norm.full_title for norm in shelved(old).cited_in("§ 27 GO")] == ["neu"]


NAMES = st.sampled_from([norm.name for norm in SHELF])
FILLER = st.text(alphabet="abcdefgxyz§., ()–0123456789", max_size=12)


@given(st.lists(st.tuples(FILLER, NAMES)), FILLER)
def test_whatever_stands_around_a_name_it_is_found_in_its_order(
    pieces: list[tuple[str, str]], end: str
) -> None:
    text = " ".join(f"{filler} {name}," for filler, name in pieces) + f" {end}"

    assert cited(text) == list(dict.fromkeys(name for _, name in pieces))


@given(st.text())
def test_what_is_found_is_always_there_word_for_word(text: str) -> None:
    words = words_in(text)
    for norm in shelved(SHELF).cited_in(text):
        forms = [words_in(form) for form in (norm.name, *norm.short_forms.split(";")) if form]
        assert any(words[start : start + len(form)] == form for form in forms for start in range(len(words)))


@given(st.lists(st.text(alphabet="AOSGBX ,§§", max_size=30), max_size=4))
def test_linking_twice_changes_nothing_more(texts: list[str]) -> None:
    activity = ProcessingActivity(
        purposes=[Purpose(norm=text) for text in texts],
        data=[DataCategory(period_norm=text) for text in texts],
    )
    known = shelved(SHELF)
    known.link(activity)
    once = [purpose.law for purpose in activity.purposes], list(activity.norms)
    known.link(activity)

    assert ([purpose.law for purpose in activity.purposes], activity.norms) == once
    assert not {norm.name for norm in activity.norms} & {law.name for law in once[0] if law}


def test_special_law_comes_first_and_the_rest_stands_beside_it() -> None:
    ldsg, _, sgb_x, _, wogg, ao, _ = SHELF
    activity = ProcessingActivity(
        purposes=[Purpose(norm="§ 3 LDSG SH, Wohngeldgesetz (WoGG), § 67a SGB X")],
        data=[DataCategory(text="Belege", period_norm="§ 147 AO")],
    )
    shelved(SHELF).link(activity)

    assert activity.purposes[0].law is wogg
    assert activity.norms == [ldsg, sgb_x, ao]


def test_what_a_person_chose_is_not_replaced() -> None:
    chosen = Norm(name="BMG")
    activity = ProcessingActivity(purposes=[Purpose(law=chosen, norm="WoGG")])
    shelved(SHELF).link(activity)

    assert activity.purposes[0].law is chosen


def test_a_service_is_found_by_its_key_however_it_is_spaced() -> None:
    dogs = Service(name="Hundesteuer", key="P 611.03")
    activity = ProcessingActivity(service_key="p-61103")
    shelved([], [dogs]).link(activity)

    assert activity.services == [dogs]
    assert key_of("P 611.03") == key_of("p-61103")
    assert shelved([], [dogs, Service(key="P611-03")]).service_of(activity) is None


@pytest.mark.parametrize(
    ("law", "section", "said"),
    [
        (None, "§ 5 WoGG", "§ 5 WoGG"),
        (Norm(name="WoGG"), "§ 5", "§ 5 WoGG"),
        (Norm(name="WoGG"), "§ 5 WoGG", "§ 5 WoGG"),
        (Norm(name="WoGG"), "", "WoGG"),
        (None, "", ""),
    ],
)
def test_a_provision_is_cited_once(law: Norm | None, section: str, said: str) -> None:
    assert Purpose(law=law, norm=section).provision == said


# --- In force or not -----------------------------------------------------------------------------

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "applies"),
    [
        ({}, True),
        ({"valid_from": DAY}, True),
        ({"valid_from": AFTER}, False),
        ({"valid_until": DAY}, True),
        ({"valid_until": BEFORE}, False),
        ({"repealed": True}, False),
        ({"repealed": True, "valid_until": DAY}, True),
        ({"repealed": True, "valid_until": BEFORE}, False),
    ],
)
def test_a_norm_applies_within_its_dates(facts: dict[str, Any], applies: bool) -> None:
    assert Norm(**facts).in_force(DAY) is applies


def broken(entry: Any, id: str, day: date) -> list[str]:
    [rule] = (rule for rule in RULES if rule.id == id and rule.judges is type(entry))
    return [str(hit.words.get("what", "")) for hit in rule.check(entry, Situation(day))]


def test_a_norm_that_ends_becomes_a_finding_with_the_day() -> None:
    activity = ProcessingActivity(norms=[Norm(name="Satzung", valid_until=DAY)])

    assert broken(activity, "NRM-001", DAY) == []
    assert broken(activity, "NRM-001", AFTER) == ["Satzung"]


def test_what_has_ended_rested_on_the_law_of_its_time() -> None:
    gone = Norm(name="Satzung", repealed=True, version_on=DAY)
    retired = ProcessingActivity(norms=[gone], stage=Stage.RETIRED)
    ended = ProcessingActivity(norms=[gone], state=State.ENDED)

    assert [broken(one, "NRM-001", AFTER) for one in (retired, ended)] == [[], []]


def test_the_shipped_lists_grow_old_after_a_year() -> None:
    sheet = Authority(name="Stadt Musterhafen")
    gathered = min(mark.gathered for mark in library().values())

    assert broken(sheet, "GOV-005", gathered + timedelta(days=365)) == []
    assert len(broken(sheet, "GOV-005", gathered + timedelta(days=367))) == 1


# --- Findings that follow a change of the law ----------------------------------------------------


@pytest.fixture
def bylaw(city: City) -> Norm:
    norm = Norm(name="Hundesteuersatzung", level=Level.OWN, kind=NormKind.BYLAW, valid_from=date(2019, 1, 1))
    city.save(norm)
    return norm


def citing(city: City, norm: Norm) -> tuple[ProcessingActivity, ProcessingActivity, ProcessingActivity]:
    """One activity with a purpose under *norm*, one that cites it besides, and one that does not know it."""
    with city.site.database.writing(city.id, actor=city.actor(next(iter(city.people)))) as session:
        law = session.get_one(Norm, (city.id, norm.id))
        purpose = Purpose(text="Erhebung der Hundesteuer", legal_basis=LegalBasis.PUBLIC_TASK, law=law)
        found = (
            ProcessingActivity(name="Hundesteuer", purposes=[purpose]),
            ProcessingActivity(name="Vollstreckung", norms=[law]),
            ProcessingActivity(name="Melderegister"),
        )
        session.add_all(found)
    return found


def about_norms(city: City, *entries: Any) -> list[list[str]]:
    """The findings about norms of each entry."""
    with city.site.database.reading(city.id) as session:
        each = [[found.rule for found in findings_of(session, [entry.id])] for entry in entries]
    return [[rule for rule in rules if rule.startswith("NRM")] for rules in each]


def test_a_repeal_is_a_finding_at_every_activity_that_cites_the_norm(city: City, bylaw: Norm) -> None:
    activities = citing(city, bylaw)
    before = about_norms(city, *activities)

    city.change(bylaw, valid_until=date(2025, 12, 31))
    repealed = about_norms(city, *activities)
    city.change(bylaw, valid_until=None)

    assert before == [[], [], []]
    assert repealed == [["NRM-001"], ["NRM-001"], []]
    assert about_norms(city, *activities) == [[], [], []]


def test_a_new_version_is_a_finding_until_the_activity_is_saved_or_confirmed(city: City, bylaw: Norm) -> None:
    taxes, enforcement, other = citing(city, bylaw)

    city.change(bylaw, version_on=today())
    changed = about_norms(city, taxes, enforcement, other)
    city.change(taxes, description="Neuer Steuersatz geprüft.")
    city.change(enforcement, norms_confirmed_on=today())

    assert changed == [["NRM-003"], ["NRM-003"], []]
    assert about_norms(city, taxes, enforcement, other) == [[], [], []]


@SQLITE
def on_desks(city: City) -> list[tuple[str, str]]:
    """What waits for whoever keeps the activities, in words."""
    desk = Desk(city.identity(Role.COORDINATOR), city.site.registers)
    with city.site.database.reading(city.id) as session:
        found = items(session, desk.of(Matter.REVIEW), limit=10)
        return sorted((item.name, label_of(item, ProcessingActivity).de) for item in found)


def test_a_repeal_is_a_task_at_every_activity_until_it_rests_on_something_else(
    city: City, bylaw: Norm
) -> None:
    taxes, enforcement, _other = citing(city, bylaw)
    gone = "Eine Vorschrift gilt nicht oder nicht mehr"

    city.change(bylaw, repealed=True)
    repealed = on_desks(city)
    city.change(enforcement, norms=[])

    assert repealed == [("Hundesteuer", gone), ("Vollstreckung", gone)]
    assert on_desks(city) == [("Hundesteuer", gone)]
    assert taxes.number == 1


def test_a_new_version_is_a_task_until_the_norms_are_confirmed(city: City, bylaw: Norm) -> None:
    taxes, enforcement, _other = citing(city, bylaw)
    changed = "Eine Vorschrift gilt in neuer Fassung"

    city.change(bylaw, version_on=today())
    before = on_desks(city)
    city.change(taxes, norms_confirmed_on=today())

    assert before == [("Hundesteuer", changed), ("Vollstreckung", changed)]
    assert on_desks(city) == [("Vollstreckung", changed)]
    assert enforcement.number == 2


def test_a_norm_that_runs_out_overnight_is_a_task_in_the_morning(city: City, bylaw: Norm) -> None:
    citing(city, bylaw)
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        gone = update(Norm).where(Norm.id == bylaw.id).values(valid_until=today() - timedelta(days=1))
        session.connection().execute(gone)
    asleep = on_desks(city)

    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        city.site.judge.judge_everything(session)
        refresh_recalled(session, city.site.registers.values())

    assert asleep == []
    assert [name for name, _what in on_desks(city)] == ["Hundesteuer", "Vollstreckung"]


def test_a_note_in_the_norm_troubles_nobody(city: City, bylaw: Norm) -> None:
    activities = citing(city, bylaw)
    city.change(bylaw, notes="Neufassung in Vorbereitung.")

    assert about_norms(city, *activities) == [[], [], []]


@SQLITE
def test_an_unchecked_norm_is_a_hint_once_the_activity_is_submitted(city: City) -> None:
    act = Norm(name="KAG SH", level=Level.LAND)
    city.save(act)
    activities = citing(city, act)
    for activity in activities:
        city.change(activity, state=State.REVIEW)
    unchecked = about_norms(city, *activities)

    city.change(activities[0], norms_confirmed_on=today())
    confirmed = about_norms(city, *activities)
    city.change(act, checked_on=today())

    assert unchecked == [["NRM-002"], ["NRM-002"], []]
    assert confirmed == [[], ["NRM-002"], []]
    assert about_norms(city, *activities) == [[], [], []]


@SQLITE
def test_confirming_the_norms_leaves_a_release_as_it_is(city: City, bylaw: Norm) -> None:
    activity = citing(city, bylaw)[0]
    city.change(activity, state=State.RELEASED, released_hash=content_hash(city.stored(activity)))
    city.change(activity, norms_confirmed_on=today())
    confirmed = city.stored(activity)
    city.change(activity, description="Neu.")

    with city.site.database.reading(city.id) as session:
        assert history(session, activity)[1].version == confirmed.version
    assert (confirmed.changed_since_release, city.stored(activity).changed_since_release) == (False, True)


# --- Services ------------------------------------------------------------------------------------


def test_a_service_without_activity_is_a_gap(city: City) -> None:
    covered, gap, dry = (
        Service(name="Hundesteuer", key="1"),
        Service(name="Fischereischein", key="2"),
        Service(name="Deiche", key="3", without_personal_data=True, reason="Nur Pegelstände."),
    )
    city.save(covered, gap, dry)
    activity = ProcessingActivity(name="Hundesteuer")
    city.save(activity)
    with city.site.database.writing(city.id, actor=city.actor(next(iter(city.people)))) as session:
        stored = session.get_one(
            ProcessingActivity, (city.id, activity.id), options=everything(ProcessingActivity)
        )
        stored.services = [session.get_one(Service, (city.id, covered.id))]

    with city.site.database.reading(city.id) as session:
        broken_by = [[found.rule for found in findings_of(session, [one.id])] for one in (covered, gap, dry)]
    assert broken_by == [[], ["SRV-001"], []]

    city.change(activity, state=State.ENDED)
    with city.site.database.reading(city.id) as session:
        assert [found.rule for found in findings_of(session, [covered.id])] == ["SRV-001"]
