"""Where an activity meets special law: staff, secrets, offences and statutory retention."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.fields import Span, TimeUnit
from compliance.rules import Hit, Situation
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
from registers.processing_norm_rules import RULES, years

TODAY = date(2026, 11, 23)


def found(activity: ProcessingActivity, id: str, today: date = TODAY) -> list[Hit]:
    [rule] = (rule for rule in RULES if rule.id == id)
    return list(rule.check(activity, Situation(today)))


# --- Staff ---------------------------------------------------------------------------------------


def lacking(**facts: Any) -> list[str]:
    activity = ProcessingActivity(subjects=(Subjects.STAFF,), **facts)
    return [hit.words["field"] for hit in found(activity, "VVT-022")]


@pytest.mark.parametrize(
    "norm",
    ["§ 15 LDSG SH", "TVöD", "§§ 85 ff. LBG SH", "Dienstvereinbarung Gleitzeit", "Beamtenstatusgesetz"],
)
def test_employment_law_may_be_typed(norm: str) -> None:
    assert lacking(purposes=[Purpose(norm=norm)], staff_council=False) == []


def test_employment_law_may_be_chosen() -> None:
    agreement = Norm(name="DV Ortung", areas=(Subject.STAFF,))

    assert lacking(purposes=[Purpose(law=agreement)], staff_council=True) == []
    assert lacking(norms=[agreement], staff_council=True) == []


def test_staff_data_ask_for_their_law_and_for_the_staff_council() -> None:
    assert lacking(purposes=[Purpose(norm="§ 3 LDSG SH")]) == ["norms", "staff_council"]
    assert found(ProcessingActivity(subjects=(Subjects.RESIDENTS,)), "VVT-022") == []


# --- Secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secrecy", "kind", "reason", "count"),
    [
        (Secrecy.SOCIAL, RecipientKind.AUTHORITY, "", 1),
        (Secrecy.TAX, RecipientKind.COURT, "–", 1),
        (Secrecy.PROFESSIONAL, RecipientKind.COMPANY, "§ 203 Abs. 3 StGB", 0),
        (Secrecy.SOCIAL, RecipientKind.INTERNAL, "", 0),
        (Secrecy.SOCIAL, None, "", 0),
        (Secrecy.STAFF_FILES, RecipientKind.AUTHORITY, "", 0),
    ],
)
def test_a_secret_leaves_the_house_only_with_a_legal_basis(
    secrecy: Secrecy, kind: RecipientKind | None, reason: str, count: int
) -> None:
    recipient = Recipient(text="Empfänger", kind=kind, reason=reason)

    assert len(found(ProcessingActivity(secrecy=(secrecy,), recipients=[recipient]), "VVT-023")) == count


# --- Offences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "count"),
    [
        ("Verfolgung von Ordnungswidrigkeiten", 1),
        ("Erhebung von Verwarnungsgeldern und Bußgeldern", 1),
        ("Unterstützung der Strafverfolgung", 1),
        ("Aufrechterhaltung der öffentlichen Ordnung", 0),
        ("Einladung zu Veranstaltungen", 0),
    ],
)
@pytest.mark.parametrize("regime", [None, Regime.GDPR, Regime.TAX])
def test_prosecution_follows_the_law_enforcement_directive(
    purpose: str, count: int, regime: Regime | None
) -> None:
    activity = ProcessingActivity(regime=regime, purposes=[Purpose(text=purpose)])

    assert len(found(activity, "VVT-024")) == count
    activity.regime = Regime.POLICE
    assert found(activity, "VVT-024") == []


# --- Retention -----------------------------------------------------------------------------------


def bounds(period: Span, norm: str, today: date = TODAY, text: str = "Buchungsbelege") -> list[str]:
    activity = ProcessingActivity(data=[DataCategory(text=text, period=period, period_norm=norm)])
    return [f"{hit.words['years']} {hit.words['source']}" for hit in found(activity, "VVT-036", today)]


@pytest.mark.parametrize(
    ("count", "norm", "today", "said"),
    [
        (6, "§ 147 AO", TODAY, ["≥ 8 § 147 AO"]),
        (8, "§ 147 AO", TODAY, []),
        (8, "§ 147 AO", date(2024, 12, 31), ["≥ 10 § 147 AO"]),
        (7, "Aufbewahrung nach § 257 Abs. 4 HGB", TODAY, ["≥ 8 § 257 HGB"]),
        (6, "Abgabenordnung (AO), § 147", TODAY, ["≥ 8 § 147 AO"]),
        (6, "Haushaltsrecht des Landes", TODAY, []),
        (6, "§ 147 StGB, § 30 AO", TODAY, []),
        (6, "§§ 29b–30 AO", TODAY, []),
        (6, "", TODAY, []),
        (10, "", TODAY, []),
        (11, "", TODAY, ["≤ 10 Art. 5 Abs. 1 lit. e DSGVO"]),
        (30, "Landesbauordnung", TODAY, []),
    ],
)
def test_a_period_fits_the_law_it_cites(count: int, norm: str, today: date, said: list[str]) -> None:
    assert bounds(Span(count, TimeUnit.Y), norm, today) == said


def test_the_retention_of_vouchers_says_nothing_of_other_records() -> None:
    assert bounds(Span(6, TimeUnit.Y), "§ 147 AO", text="Schriftwechsel") == []


def test_a_row_without_a_period_is_not_measured() -> None:
    assert (
        found(ProcessingActivity(data=[DataCategory(text="Belege", period_norm="§ 147 AO")]), "VVT-036") == []
    )


@given(st.integers(1, 500))
def test_the_same_time_lasts_as_long_in_every_unit(count: int) -> None:
    assert years(Span(12 * count, TimeUnit.M)) == pytest.approx(years(Span(count, TimeUnit.Y)))
    assert years(Span(7 * count, TimeUnit.D)) == pytest.approx(years(Span(count, TimeUnit.W)))
