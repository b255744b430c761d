"""The risk scenarios an assessment is offered: those that come with the program, and the organisation's own.

Shipped scenarios are offered directly beside the own ones and not copied into the
library first. So a new installation has something to propose on the first day, both
languages are there, and a better wording arrives with an upgrade without undoing
anybody's work. Whoever wants to change one adapts it: that makes an own scenario,
which is offered in its place from then on. A risk remembers the version it was made
from, and nothing in an assessment changes when that version is replaced.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.characteristics import Characteristic
from assessments.dpia.copied import CopiedKind, Origin
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import Grade
from assessments.dpia.risk import (
    WHAT_HAPPENS,
    Damage,
    DpiaMeasure,
    DpiaRisk,
    FearedEvent,
    MeasureState,
    ProtectionGoal,
    RiskSource,
    against,
    give_keys,
    risk_keys,
)
from assessments.dpia.scenario import RiskScenario, ScenarioMeasure
from compliance.access import Identity, visible
from compliance.entry import State, everything
from compliance.errors import NotFound
from compliance.fields import in_order
from compliance.language import Text
from registers.measures import Measure


@dataclass(frozen=True, eq=False)
class Remedy:
    """One measure that a scenario offers: in words, and as a measure of the register where there is one."""

    title: Text
    description: Text
    generic_key: str = ""
    """The generic measure of the register (:func:`registers.measures.generic_measures`) it corresponds to."""
    measure: Measure | None = None


@dataclass(frozen=True, eq=False)
class Scenario:
    """A risk as it usually arises, whether it was shipped or written here."""

    key: str
    """How it is called: ``N-RS.01`` where it was shipped, ``RSZ-0001`` where it is an own one."""
    version: str
    """The day of a shipped wording, else the version of the entry."""
    title: Text
    feared_event: FearedEvent | None
    source: RiskSource | None
    threat: Text
    event: Text
    affected: Text
    damages: tuple[Damage, ...]
    consequence: Text
    goals: tuple[ProtectionGoal, ...]
    severity: Grade | None
    likelihood: Grade | None
    reason: Text
    remedies: tuple[Remedy, ...]
    characteristics: tuple[Characteristic, ...]
    keywords: tuple[Text, ...]
    """Words that hint at it; the German one is sought in the activities."""
    entry: RiskScenario | None = None
    """The entry of the own library; ``None`` where it was shipped."""

    @property
    def is_general(self) -> bool:
        """Whether it arises in any processing."""
        return not self.characteristics and not self.keywords

    @property
    def origin(self) -> Origin:
        return Origin(self.key, self.title.de, self.version)


# --- Shipped -------------------------------------------------------------------------------------


@cache
def shipped() -> Mapping[str, Scenario]:
    """The scenarios that come with the program, by key, in the order of the file."""
    text = (files(__package__) / "library" / "risk_scenarios.toml").read_text(encoding="utf-8")
    found = map(_shipped, tomllib.loads(text)["scenarios"])
    return {scenario.key: scenario for scenario in found}


def _shipped(data: Mapping[str, Any]) -> Scenario:
    version: date = data["version"]
    return Scenario(
        key=data["key"],
        version=version.isoformat(),
        title=Text(**data["title"]),
        feared_event=FearedEvent[data["feared_event"]],
        source=RiskSource[data["source"]],
        threat=Text(**data["threat"]),
        event=Text(**data["event"]),
        affected=Text(**data["affected"]),
        damages=in_order(Damage, (Damage[name] for name in data["damages"])),
        consequence=Text(**data["consequence"]),
        goals=in_order(ProtectionGoal, (ProtectionGoal[name] for name in data["goals"])),
        severity=Grade[data["severity"]],
        likelihood=Grade[data["likelihood"]],
        reason=Text(**data["reason"]),
        remedies=tuple(
            Remedy(Text(**each["title"]), Text(**each["description"]), each.get("key", ""))
            for each in data["measures"]
        ),
        characteristics=tuple(Characteristic[name] for name in data["characteristics"]),
        keywords=tuple(Text(**word) for word in data["keywords"]),
    )


def adapted(scenario: Scenario) -> RiskScenario:
    """An own scenario that begins with the German words of the shipped *scenario* and takes its place."""
    return RiskScenario(
        name=scenario.title.de,
        **_copied_words(scenario),
        severity=scenario.severity,
        likelihood=scenario.likelihood,
        reason=scenario.reason.de,
        measures_used=[remedy.measure for remedy in scenario.remedies if remedy.measure],
        suggestions=[
            ScenarioMeasure(title=remedy.title.de, description=remedy.description.de)
            for remedy in scenario.remedies
            if not remedy.measure
        ],
        characteristics=scenario.characteristics,
        keywords=", ".join(word.de for word in scenario.keywords),
        shipped_key=scenario.key,
        shipped_version=scenario.version,
    )


def _copied_words(scenario: Scenario) -> dict[str, Any]:
    """What a risk and an own scenario have in common; data are written in German."""
    found = {name: getattr(scenario, name) for name in WHAT_HAPPENS}
    return {name: said.de if isinstance(said, Text) else said for name, said in found.items()}


# --- Own -----------------------------------------------------------------------------------------


def of_entry(entry: RiskScenario) -> Scenario:
    """The own scenario that *entry* holds; needs it with its rows and measures."""
    registered = (
        Remedy(_alike(measure.name), _alike(measure.description), measure.key, measure)
        for measure in entry.measures_used
        if measure.state is not State.ENDED
    )
    suggested = (Remedy(_alike(row.title), _alike(row.description)) for row in entry.suggestions)
    return Scenario(
        key=entry.designation,
        version=str(entry.version),
        title=_alike(entry.name),
        feared_event=entry.feared_event,
        source=entry.source,
        threat=_alike(entry.threat),
        event=_alike(entry.event),
        affected=_alike(entry.affected),
        damages=entry.damages,
        consequence=_alike(entry.consequence),
        goals=entry.goals,
        severity=entry.severity,
        likelihood=entry.likelihood,
        reason=_alike(entry.reason),
        remedies=(*registered, *suggested),
        characteristics=entry.characteristics,
        keywords=tuple(map(_alike, _separate(entry.keywords))),
        entry=entry,
    )


def _separate(keywords: str) -> Iterator[str]:
    return filter(None, map(str.strip, keywords.split(",")))


def _alike(words: str) -> Text:
    """What people here wrote; it stands in one language only."""
    return Text(words, words)


def made_from(dpia: Dpia, risk: DpiaRisk) -> RiskScenario:
    """An own scenario that says what *risk* of *dpia* says, without anything particular to the project."""
    mine = against(risk, dpia.measures)
    used = [row.measure for row in mine if row.measure and row.measure.state is not State.ENDED]
    return RiskScenario(
        name=risk.title,
        unit=dpia.unit,
        **{name: getattr(risk, name) for name in WHAT_HAPPENS},
        severity=risk.severity_before,
        likelihood=risk.likelihood_before,
        reason=risk.reason_before,
        measures_used=list({measure.id: measure for measure in used}.values()),
        suggestions=[
            ScenarioMeasure(title=row.title, description=row.description)
            for row in mine
            if row.measure is None and row.title
        ],
        from_risk=f"{dpia.designation}/{risk.key} {dpia.name}"[:200],
    )


# --- What is offered -----------------------------------------------------------------------------


def offered(session: Session, person: Identity) -> list[Scenario]:
    """Every scenario *person* may use: the own ones, then the shipped ones that none of them replaces."""
    query = visible(select(RiskScenario), person, RiskScenario).where(RiskScenario.state != State.ENDED)
    entries = session.scalars(query.order_by(RiskScenario.number).options(*everything(RiskScenario))).all()
    replaced = {entry.shipped_key for entry in entries}
    return [
        *map(of_entry, entries),
        *with_register(session, person, (one for key, one in shipped().items() if key not in replaced)),
    ]


def with_register(session: Session, person: Identity, scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """Shipped *scenarios*, their measures tied to those of the register that came from the same template."""
    own = (Measure.library.is_not(True), Measure.key != "", Measure.state != State.ENDED)
    query = visible(select(Measure).where(*own), person, Measure).order_by(Measure.number.desc())
    # Of several the oldest one counts, because it comes last.
    known = {measure.key: measure for measure in session.scalars(query)}
    for scenario in scenarios:
        remedies = (replace(one, measure=known.get(one.generic_key)) for one in scenario.remedies)
        yield replace(scenario, remedies=tuple(remedies))


def scenario_called(key: str, scenarios: Iterable[Scenario]) -> Scenario:
    """The one of *scenarios* with that key. Raises :class:`NotFound`."""
    for scenario in scenarios:
        if scenario.key == key:
            return scenario
    raise NotFound(_NO_SCENARIO.format(key=key[:40]))


def newer_version(session: Session, key: str, version: str) -> str:
    """The version in which the scenario *key* stands now, if that is another one than *version*."""
    if key in shipped():
        now = shipped()[key].version
    else:
        number = key.removeprefix(f"{RiskScenario.prefix}-")
        known = number.isdecimal() and len(number) < _DIGITS
        query = select(RiskScenario.version).where(RiskScenario.number == int(number if known else 0))
        now = str(session.scalar(query) or version)
    return now if now != version else ""


# --- Taking one over -----------------------------------------------------------------------------


def take_in(dpia: Dpia, scenario: Scenario, chosen: Sequence[Remedy], *, on: date) -> DpiaRisk:
    """Adds to *dpia* the risk that *scenario* describes, and sets the *chosen* measures against it.

    The values are those before measures and wait for a person to confirm them.
    """
    risk = DpiaRisk(
        title=scenario.title.de,
        **_copied_words(scenario),
        severity_before=scenario.severity,
        likelihood_before=scenario.likelihood,
        reason_before=scenario.reason.de,
    )
    dpia.risks.append(risk)
    dpia.last_risk = give_keys(dpia.risks, dpia.last_risk or 0)
    for remedy in chosen:
        _set_against(dpia, risk, remedy)
    dpia.copied.append(scenario.origin.note(CopiedKind.RISK, risk.key, on))
    return risk


def _set_against(dpia: Dpia, risk: DpiaRisk, remedy: Remedy) -> None:
    for known in dpia.measures:
        same = known.measure is remedy.measure if remedy.measure else known.title == remedy.title.de
        if same:
            known.risks = ", ".join(dict.fromkeys((*risk_keys(known.risks), risk.key)))
            return
    made = DpiaMeasure(title=remedy.title.de, risks=risk.key)
    if remedy.measure:
        made.measure = remedy.measure
    else:
        made.description, made.state = remedy.description.de, MeasureState.PLANNED
    dpia.measures.append(made)


_DIGITS: Final = 10
_NO_SCENARIO: Final = Text("Ein Risikoszenario {key} gibt es nicht.", "There is no risk scenario {key}.")
