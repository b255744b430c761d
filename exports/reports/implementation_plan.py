"""Reference document A.6, the implementation plan: what is done by whom until when, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from assessments.grundschutz.check import UNMET, row_id
from assessments.grundschutz.costs import Cost, Share, by_year, shares, summed, undated
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Level, Order
from assessments.grundschutz.plan import Item, Plan, Work, position
from compliance.database import today
from compliance.fields import fields
from compliance.language import Text, shown_day, shown_number
from exports.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Grid,
    Heading,
    Note,
    Prose,
    Stretch,
    Timeline,
)
from exports.reports.domain_paper import paper
from exports.reports.register import Issuer
from registers.measures import Measure, Priority


def report(domain: InformationDomain, plan: Plan, issuer: Issuer) -> Document:
    """A.6 of *domain*, which is loaded whole, with its *plan*, both from one snapshot."""
    language = issuer.language
    return paper(
        _TITLE,
        _SUBJECT,
        domain,
        issuer,
        (
            *_attention(plan, language),
            *_picture(plan, language),
            *_measures(plan, language),
            *_costs(plan, language),
            *_requirements(domain, plan, language),
            *_controls(plan, language),
            *_risks(plan, language),
            *_finished(plan, language),
        ),
        more=[(OPEN_MEASURES[language], shown_number(len(plan.open_items), language))],
    )


# --- What a reader must not miss -----------------------------------------------------------------


def _attention(plan: Plan, language: str) -> Iterator[Block]:
    overdue = sum(item.is_overdue for item in plan.items)
    missing = sum(len(group.shortfalls) for group in plan.unplanned) + len(plan.controls)
    said = [
        (missing, _WITHOUT_MEASURE),
        (len(plan.untreated), _WITHOUT_TREATMENT),
        (overdue, _OVERDUE),
        (sum(_lacks_plan(item) for item in plan.open_items), _UNDECIDED),
        (sum(item.work.cost is None for item in plan.open_items), _UNESTIMATED),
    ]
    lines = [words.format(count=shown_number(count, language))[language] for count, words in said if count]
    lines += [_CIRCLE.format(measures=", ".join(map(str, circle)))[language] for circle in plan.circles]
    if lines:
        yield Note(_ATTENTION[language], "\n\n".join(lines), "warning")


def _lacks_plan(item: Item) -> bool:
    return not item.work.responsible or item.work.planned_until is None


# --- The picture ---------------------------------------------------------------------------------


def _picture(plan: Plan, language: str) -> Iterator[Block]:
    yield Heading(CALENDAR[language])
    if not plan.items:
        yield Note(_EMPTY_TITLE[language], _EMPTY[language])
        return
    drawn = timeline(plan, language)
    yield Figure(drawn, alternative(plan, language), CALENDAR[language])


def timeline(plan: Plan, language: str) -> Timeline:
    """The measures of *plan* on a calendar, under the order of implementation."""
    sections = list(dict.fromkeys(section_of(item) for item in plan.items))
    titles = tuple(SECTIONS[section][language] for section in sections)
    stretches = tuple(_stretch(item, sections.index(section_of(item)), language) for item in plan.items)
    return Timeline(titles, stretches, today(), _legend(plan, language), UNDATED[language])


def section_of(item: Item) -> str:
    """Under which heading an item stands: the order of its module, or what else asks for it."""
    if item.rank.label:
        return item.rank.label.partition(" ")[0]
    if item.is_prerequisite:
        return _NEEDED
    return _OTHERS if item.controls else _RISK


_RISK: Final = "risk"
_OTHERS: Final = "others"
_NEEDED: Final = "needed"


def _stretch(item: Item, section: int, language: str) -> Stretch:
    slot = item.slot
    return Stretch(
        item.work.designation,
        item.work.name,
        section,
        slot.start,
        slot.end,
        slot.expected if slot.is_late else None,
        _tone(item),
        tuple(Measure.designate(number) for number in item.work.after),
        note_on(item, language),
    )


def _tone(item: Item) -> str:
    if item.work.is_in_effect:
        return "good"
    if item.is_overdue:
        return "bad"
    begun = item.work.progress is not None and item.work.progress.name == "IN_PROGRESS"
    return "fair" if begun else "open"


def _legend(plan: Plan, language: str) -> tuple[tuple[str, str], ...]:
    """What the picture needs explained, and nothing else."""
    tones = {_tone(item) for item in plan.items}
    found = [(tone, words) for tone, words in TONES.items() if tone in tones]
    if any(item.work.after for item in plan.items):
        found.append(("tie", _TIE))
    if any(item.slot.is_late and not item.work.is_in_effect for item in plan.items):
        found.append(("late", _LATE))
    found.append(("today", _TODAY))
    return tuple((tone, words[language]) for tone, words in found)


def note_on(item: Item, language: str) -> str:
    """How one measure stands, in words."""
    work, slot = item.work, item.slot
    said = [work.responsible, TONES[_tone(item)][language]]
    if work.is_in_effect:
        if work.implemented_on is not None:
            said.append(_SINCE.format(day=shown_day(work.implemented_on, language))[language])
    elif slot.end is not None:
        said.append(_UNTIL.format(day=shown_day(slot.end, language))[language])
    else:
        said.append(UNDATED[language])
    if not work.is_in_effect and slot.is_late and slot.expected is not None:
        said.append(_EXPECTED.format(day=shown_day(slot.expected, language))[language])
    return ", ".join(filter(None, said))


def alternative(plan: Plan, language: str) -> str:
    """What the picture shows in numbers; every measure stands in the table beside it."""
    tones = [_tone(item) for item in plan.items]
    counts = [
        f"{words[language]} {shown_number(tones.count(tone), language)}"
        for tone, words in TONES.items()
        if tone in tones
    ]
    return f"{CALENDAR[language]}: {', '.join(counts)}. {_IN_TABLE[language]}"


# --- Measures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Head:
    """A column: what it is called, how wide it is, and what stands in it."""

    label: Text
    width: float
    value: Callable[[Item, str], Cell]
    help: Text | None = None
    on_paper: bool = True
    sample: str = ""


def _cost_of(item: Item, name: str) -> Cell:
    return getattr(item.work.cost, name) if item.work.cost is not None else None


def _term(value: Any, language: str) -> str:
    return value.text[language] if value is not None else ""


def _label(name: str) -> Text:
    return fields(Measure)[name].label


def _heads() -> tuple[_Head, ...]:
    return (
        _Head(Text("Kennung", "Identifier"), 0.8, lambda i, _l: i.work.designation, sample="MA-0000"),
        _Head(
            Text("Folge", "Order"),
            0.6,
            lambda i, _l: i.rank.label,
            Text(
                "R1 bis R3 nach dem Kompendium, dann B, S und H; leer, wo nur eine Risikoanalyse oder eine "
                "andere Maßnahme sie verlangt.",
                "R1 to R3 by the Kompendium, then B, S and H; empty where only a risk analysis or another "
                "measure asks for it.",
            ),
            sample="R1 B",
        ),
        _Head(Text("Maßnahme", "Measure"), 2.4, lambda i, _l: i.work.name),
        _Head(_label("description"), 3.0, lambda i, _l: i.work.description, on_paper=False),
        _Head(
            Text("Anforderungen und Risiken", "Requirements and risks"),
            2.6,
            lambda i, _l: _aims(i),
        ),
        _Head(Text("Zielobjekte", "Target objects"), 1.6, places_of),
        _Head(_label("priority"), 0.9, lambda i, language: _term(i.work.priority, language)),
        _Head(_label("responsible"), 1.2, lambda i, _l: i.work.responsible),
        _Head(_label("planned_from"), 0.85, lambda i, _l: i.work.planned_from, on_paper=False),
        _Head(_label("planned_until"), 0.85, lambda i, _l: i.work.planned_until, sample="00.00.0000"),
        _Head(
            EXPECTED,
            0.95,
            lambda i, _l: i.slot.expected if i.slot.is_late and not i.work.is_in_effect else None,
            Text(
                "Wann sie nach heutigem Stand fertig werden kann, wenn der Termin nicht zu halten ist.",
                "When it can be finished as things stand, where the day cannot be kept.",
            ),
            sample="00.00.0000",
        ),
        _Head(_label("progress"), 1.0, lambda i, language: _term(i.work.progress, language)),
        _Head(_label("depends_on"), 0.9, lambda i, _l: ", ".join(map(Measure.designate, i.work.after))),
        *map(_amount_head, COSTS),
        _Head(ONCE, 0.8, lambda i, _l: _cost_of(i, "once"), sample="1.000.000"),
        _Head(YEARLY, 0.8, lambda i, _l: _cost_of(i, "yearly"), sample="1.000.000"),
        _Head(_label("budget"), 1.0, lambda i, _l: i.work.budget, on_paper=False),
    )


def _amount_head(name: str) -> _Head:
    return _Head(_label(name), 0.8, lambda item, _l: _cost_of(item, name), on_paper=False)


_FEW: Final = 8
_MANY: Final = Text(
    "{count} Zielobjekte, einzeln bei den Anforderungen",
    "{count} target objects, one by one with the requirements",
)
COSTS: Final = ("staff_once", "material_once", "staff_yearly", "material_yearly")


def places_of(item: Item, language: str) -> str:
    """Where it is to work: few objects by name, many by their number, since each has rows of its own."""
    places = item.places
    if len(places) <= _FEW:
        return "; ".join(places)
    return _MANY.format(count=shown_number(len(places), language))[language]


def _aims(item: Item) -> str:
    aims = (
        *(each.id for each in item.requirements),
        *(each.label for each in item.controls),
        *(each.designation for each in item.threats),
    )
    return ", ".join(aims)


def _measures(plan: Plan, language: str) -> Iterator[Block]:
    yield Heading(_MEASURES[language])
    yield Prose(_ORDER[language])
    heads = _heads()
    rows = [tuple(head.value(item, language) for head in heads) for item in plan.items]
    yield Grid(_columns(heads, language), rows, caption=_MEASURES[language])


def _columns(heads: Sequence[_Head], language: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            head.label[language],
            head.width,
            head.help[language] if head.help else "",
            on_paper=head.on_paper,
            sample=head.sample,
        )
        for head in heads
    )


# --- Requirements --------------------------------------------------------------------------------


def _requirements(domain: InformationDomain, plan: Plan, language: str) -> Iterator[Block]:
    """Everything answered with „teilweise“ or „nein“, with the measures for it or the lack of one."""
    yield Heading(_REQUIREMENTS[language])
    serving: dict[Any, list[Work]] = {}
    found = {each.answer_id: each for group in plan.unplanned for each in group.shortfalls}
    for item in plan.items:
        for each in item.shortfalls:
            found[each.answer_id] = each
            serving.setdefault(each.answer_id, []).append(item.work)
    ordered = sorted(found.values(), key=lambda each: (position(each.requirement), each.place))
    rows = [
        (
            row_id(domain.designation, each.place, each.requirement.id),
            each.requirement.title,
            each.requirement.level.value,
            f"{each.place} {each.name}",
            each.status.text[language],
            "; ".join(map(str, serving.get(each.answer_id, ()))) or _NONE_YET[language],
            each.to_do,
        )
        for each in ordered
    ]
    yield Grid(
        (
            Column(Text("Kennung", "Identifier")[language], 2.2),
            Column(Text("Anforderung", "Requirement")[language], 2.3),
            Column(Text("Stufe", "Level")[language], 0.5),
            Column(Text("Zielobjekt", "Target object")[language], 1.8),
            *_found(language),
        ),
        rows,
        caption=_REQUIREMENTS[language],
        sheet=_REQUIREMENTS_SHEET[language],
    )


def _found(language: str) -> tuple[Column, ...]:
    """What a check found, whatever it is about, and what is done about it."""
    statuses = tuple(status.text[language] for status in UNMET)
    return (
        Column(Text("Umsetzung", "Status")[language], 0.9, choices=statuses),
        Column(Text("Maßnahmen", "Measures")[language], 2.6),
        Column(Text("Aus dem Check", "From the check")[language], 2.4),
    )


def _controls(plan: Plan, language: str) -> Iterator[Block]:
    """What the check against imported catalogues found unmet, with the measure for it or the lack of one."""
    served = [(each, str(item.work)) for item in plan.items for each in item.controls]
    found = [*((each, _NONE_YET[language]) for each in plan.controls), *served]
    if not found:
        return
    yield Heading(_CONTROLS[language])
    yield Grid(
        (
            Column(Text("Kennung", "Identifier")[language], 1.2),
            Column(Text("Anforderung", "Requirement")[language], 2.8),
            Column(Text("Katalog", "Catalogue")[language], 2.2),
            *_found(language),
        ),
        [
            (each.label, each.title, each.catalogue, each.status.text[language], measure, each.to_do)
            for each, measure in sorted(found, key=lambda pair: pair[0].position)
        ],
        caption=_CONTROLS[language],
        sheet=_CONTROLS_SHEET[language],
    )


_CONTROLS: Final = Text("Anforderungen weiterer Kataloge", "Controls of further catalogues")
_CONTROLS_SHEET: Final = Text("Weitere Kataloge", "Further catalogues")


# --- Costs ---------------------------------------------------------------------------------------


def owner_shares(plan: Plan) -> list[Share]:
    """What the open measures of each owner cost, by name; those of nobody come last."""
    found = shares(plan.open_items, lambda item: item.work.responsible, _cost)
    return sorted(found, key=lambda share: (share.key == "", str(share.key).casefold()))


def priority_shares(plan: Plan) -> list[Share]:
    """What the open measures of each priority cost; those without one come last."""
    found = shares(plan.open_items, lambda item: item.work.priority, _cost)
    order: list[Hashable] = [*Priority, None]
    return sorted(found, key=lambda share: order.index(share.key))


def rank_shares(plan: Plan) -> list[Share]:
    """What the open measures of each place in the order of implementation cost."""
    return shares(plan.open_items, lambda item: item.rank.label or section_of(item), _cost)


def _cost(item: Item) -> Cost:
    return item.work.cost or Cost()


def year_rows(plan: Plan, language: str) -> list[tuple[str, Cost]]:
    """What falls in each year, and what has no day yet."""
    costed = [item.costed for item in plan.open_items]
    rows = [
        (_FROM.format(year=row.year)[language] if row.is_open_end else str(row.year), row.cost)
        for row in by_year(costed, today().year)
    ]
    if any(each.year is None for each in costed):
        rows.append((UNDATED[language], undated(costed)))
    return rows


def named_shares(plan: Plan, language: str) -> list[tuple[Text, list[tuple[str, Share]]]]:
    """The tables by priority, by order and by owner, each with its heading and the words for its keys."""

    def by_name(share: Share) -> str:
        return str(share.key) or _NOBODY[language]

    def by_priority(share: Share) -> str:
        return share.key.text[language] if isinstance(share.key, Priority) else _NO_PRIORITY[language]

    def by_rank(share: Share) -> str:
        key = str(share.key)
        return SECTIONS[key][language] if key in SECTIONS else key

    return [
        (_BY_PRIORITY, [(by_priority(share), share) for share in priority_shares(plan)]),
        (_BY_RANK, [(by_rank(share), share) for share in rank_shares(plan)]),
        (_BY_OWNER, [(by_name(share), share) for share in owner_shares(plan)]),
    ]


def total(plan: Plan) -> Cost:
    """What all open measures cost."""
    return summed(map(_cost, plan.open_items))


def _costs(plan: Plan, language: str) -> Iterator[Block]:
    yield Heading(COST_TITLE[language])
    yield Prose(ABOUT_COSTS[language])
    if not plan.open_items:
        return
    yield Heading(BY_YEAR[language], 2)
    amounts = [Column(_label(name)[language], 1.0) for name in COSTS]
    yield Grid(
        (Column(YEAR[language], 1.2), *amounts, Column(TOTAL[language], 1.0)),
        [(name, *_amounts(cost), cost.once + cost.yearly) for name, cost in year_rows(plan, language)],
        caption=BY_YEAR[language],
    )
    for title, rows in named_shares(plan, language):
        yield Heading(title[language], 2)
        yield Grid(
            (Column(title[language], 2.0), Column(_COUNT[language], 0.7), *amounts),
            _share_rows(rows, plan, language),
            caption=title[language],
        )


def _share_rows(rows: Iterable[tuple[str, Share]], plan: Plan, language: str) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [(name, share.count, *_amounts(share.cost)) for name, share in rows]
    return [*found, (TOTAL[language], len(plan.open_items), *_amounts(total(plan)))]


def _amounts(cost: Cost) -> tuple[int, ...]:
    return tuple(getattr(cost, name) for name in COSTS)


# --- Risks and what is finished ------------------------------------------------------------------


def _risks(plan: Plan, language: str) -> Iterator[Block]:
    treated = [(each, item.work) for item in plan.items for each in item.threats]
    if not treated and not plan.untreated:
        return
    yield Heading(_RISKS[language])
    rows = [
        (each.designation, each.title, each.about, each.treatment.text[language], each.reason, str(work))
        for each, work in treated
    ]
    rows += [
        (each.designation, each.title, each.about, each.treatment.text[language], each.reason, "")
        for each in plan.untreated
    ]
    yield Grid(
        (
            Column(Text("Kennung", "Identifier")[language], 1.1),
            Column(Text("Gefährdung", "Threat")[language], 2.0),
            Column(Text("Zielobjekt", "Target object")[language], 1.6),
            Column(Text("Behandlung", "Treatment")[language], 1.0),
            Column(Text("Begründung", "Reason")[language], 2.6),
            Column(Text("Maßnahme", "Measure")[language], 2.0),
        ),
        sorted(rows),
        caption=_RISKS[language],
    )


def _finished(plan: Plan, language: str) -> Iterator[Block]:
    if not plan.finished:
        return
    yield Heading(_FINISHED[language])
    yield Grid(
        (
            Column(Text("Kennung", "Identifier")[language], 0.9),
            Column(Text("Maßnahme", "Measure")[language], 2.6),
            Column(Text("Anforderungen", "Requirements")[language], 1.6),
            Column(_label("responsible")[language], 1.4),
            Column(_label("implemented_on")[language], 1.0),
            Column(_label("evidence")[language], 2.4),
        ),
        _finished_rows(plan.finished),
        caption=_FINISHED[language],
    )


def _finished_rows(works: Iterable[Work]) -> list[tuple[str | date | None, ...]]:
    return [
        (
            work.designation,
            work.name,
            ", ".join(work.requirements),
            work.responsible,
            work.implemented_on,
            work.evidence,
        )
        for work in works
    ]


# --- Words ---------------------------------------------------------------------------------------

SECTIONS: Final = {
    Order.R1.value: Text("R1: zuerst umsetzen", "R1: implement first"),
    Order.R2.value: Text("R2: danach umsetzen", "R2: implement next"),
    Order.R3.value: Text("R3: zuletzt umsetzen", "R3: implement last"),
    _RISK: Text("Aus Risikoanalysen", "From risk analyses"),
    _OTHERS: Text("Aus weiteren Katalogen", "From further catalogues"),
    _NEEDED: Text("Voraussetzungen anderer Maßnahmen", "Prerequisites of other measures"),
}
TONES: Final = {
    "good": Text("umgesetzt", "implemented"),
    "fair": Text("in Umsetzung", "in progress"),
    "open": Text("geplant", "planned"),
    "bad": Text("überfällig", "overdue"),
}
CALENDAR: Final = Text("Zeitplan", "Schedule")
COST_TITLE: Final = Text("Kosten", "Costs")
ABOUT_COSTS: Final = Text(
    "In ganzen Euro, nur für Maßnahmen, die noch nicht umgesetzt sind. Einmalige Kosten stehen in dem Jahr, "
    "in dem die Maßnahme fertig sein soll, bei überfälligen im laufenden; jährliche Kosten in jedem Jahr "
    "danach.",
    "In whole euros, for measures that are not implemented yet. One-off costs stand in the year in which "
    "the measure is to be finished, those of overdue ones in the present year; yearly costs in every year "
    "after.",
)
BY_YEAR: Final = Text("Nach Jahren", "By year")
YEAR: Final = Text("Jahr", "Year")
TOTAL: Final = Text("Summe", "Total")
ONCE: Final = Text("Einmalig (Euro)", "One-off (euros)")
YEARLY: Final = Text("Jährlich (Euro)", "Yearly (euros)")
EXPECTED: Final = Text("Frühestens fertig", "Finished at the earliest")
UNDATED: Final = Text("ohne Termin", "without a day")
OPEN_MEASURES: Final = Text("Offene Maßnahmen", "Open measures")
_BY_PRIORITY: Final = Text("Nach Priorität", "By priority")
_BY_RANK: Final = Text("Nach Reihenfolge und Stufe", "By order and level")
_BY_OWNER: Final = Text("Nach Verantwortlichen", "By owner")
_NOBODY: Final = Text("niemand benannt", "nobody named")
_NO_PRIORITY: Final = Text("ohne Priorität", "without a priority")
_COUNT: Final = Text("Maßnahmen", "Measures")
_FROM: Final = Text("ab {year}, nur einmalig", "from {year}, one-off only")
_REQUIREMENTS_SHEET: Final = Text("Nicht erfüllte Anforderungen", "Requirements not met")
_TITLE: Final = Text("A.6 Realisierungsplan: {domain}", "A.6 Implementation plan: {domain}")
_SUBJECT: Final = Text(
    "Maßnahmen zu den Anforderungen, die der IT-Grundschutz-Check nicht oder teilweise erfüllt findet, und "
    "zu den behandelten Risiken, nach BSI-Standard 200-2.",
    "Measures for the requirements that the IT-Grundschutz check finds unmet or met in part, and for the "
    "risks that are treated, following BSI standard 200-2.",
)
_ATTENTION: Final = Text("Was noch zu klären ist", "What remains to be settled")
_WITHOUT_MEASURE: Final = Text(
    "Nicht erfüllte Anforderungen ohne Maßnahme: {count}",
    "Unmet requirements without a measure: {count}",
)
_WITHOUT_TREATMENT: Final = Text(
    "Risiken, die vermieden oder verringert werden sollen, ohne Maßnahme: {count}",
    "Risks to be avoided or reduced without a measure: {count}",
)
_OVERDUE: Final = Text("Überfällige Maßnahmen: {count}", "Overdue measures: {count}")
_UNDECIDED: Final = Text(
    "Maßnahmen ohne Verantwortliche oder ohne Termin: {count}",
    "Measures without an owner or without a day: {count}",
)
_UNESTIMATED: Final = Text(
    "Maßnahmen ohne Kostenschätzung: {count}", "Measures without an estimate of costs: {count}"
)
_CIRCLE: Final = Text("Warten im Kreis aufeinander: {measures}", "Wait for one another: {measures}")
_EMPTY_TITLE: Final = Text("Nichts geplant", "Nothing planned")
_EMPTY: Final = Text(
    "Für diesen Informationsverbund steht keine Maßnahme aus.",
    "No measure is outstanding for this information domain.",
)
_TIE: Final = Text("setzt voraus", "depends on")
_LATE: Final = Text("voraussichtliche Verzögerung", "likely delay")
_SINCE: Final = Text("am {day}", "on {day}")
_TODAY: Final = Text("heute", "today")
_UNTIL: Final = Text("bis {day}", "until {day}")
_EXPECTED: Final = Text("frühestens {day}", "{day} at the earliest")
_IN_TABLE: Final = Text("Jede Maßnahme steht in der Tabelle.", "Every measure stands in the table.")
_MEASURES: Final = Text("Maßnahmen", "Measures")
_ORDER: Final = Text(
    "Geordnet nach der Reihenfolge R1 bis R3 des Kompendiums, innerhalb davon "
    f"{Level.BASIC.label.de} vor {Level.STANDARD.label.de} vor {Level.HIGH.label.de}.",
    "By the order R1 to R3 of the Kompendium; within it "
    f"{Level.BASIC.label.en}, {Level.STANDARD.label.en}, {Level.HIGH.label.en}.",
)
_REQUIREMENTS: Final = Text(
    "Nicht oder teilweise erfüllte Anforderungen", "Requirements unmet or met in part"
)
_NONE_YET: Final = Text("noch keine Maßnahme", "no measure yet")
_RISKS: Final = Text("Behandelte Risiken", "Risks that are treated")
_FINISHED: Final = Text("Umgesetzte Maßnahmen", "Implemented measures")
