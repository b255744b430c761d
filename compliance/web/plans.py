"""The implementation plan in the browser: calendar and costs, missing measures, and answers to take over."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status
from assessments.grundschutz.controls import ControlAnswer
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Level, Order, edition_2023
from assessments.grundschutz.plan import (
    Group,
    Item,
    NewAnswer,
    NewControl,
    Plan,
    Shortfall,
    Work,
    by_works,
    plan_of,
    shortfalls_of,
)
from assessments.grundschutz.plan_control_steps import add_controls, draw_up_controls, take_over_controls
from assessments.grundschutz.plan_controls import ControlShortfall, planned_controls
from assessments.grundschutz.plan_steps import Draft, add_to, draw_up, draw_up_against, proposed, take_over
from compliance.access import Permission, demand, may, may_do, visible
from compliance.entry import State
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing
from exports import timeline
from exports.reports import implementation_plan as paper
from registers.measures import Measure, requirement_ids

bp = Blueprint("plans", __name__, url_prefix="/grundschutz/<int:number>/plan")

AT_ONCE: Final = 25
"""So many missing measures stand on one page."""


# --- The plan ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """Which measures of the plan somebody chose to see."""

    show: str = ""
    owner: str = ""

    @classmethod
    def from_address(cls) -> View:
        show = request.args.get("show", "")
        return cls(show if show in FILTERS else "", request.args.get("owner", ""))

    def part_of(self, plan: Plan) -> Plan:
        """*plan* with only those measures."""
        wanted = FILTERS[self.show][1]
        items = (
            item
            for item in plan.items
            if wanted(item) and (not self.owner or item.work.responsible == self.owner)
        )
        return replace(plan, items=tuple(items))


def _lacks_plan(item: Item) -> bool:
    work = item.work
    unsettled = not work.responsible or work.planned_until is None or work.cost is None
    return not work.is_in_effect and unsettled


FILTERS: Final[Mapping[str, tuple[Text, Callable[[Item], bool]]]] = {
    "": (Text("alle", "all"), lambda _item: True),
    "open": (Text("offene", "open ones"), lambda item: not item.work.is_in_effect),
    "overdue": (Text("überfällige", "overdue ones"), lambda item: item.is_overdue),
    "late": (
        Text("voraussichtlich verspätete", "likely late ones"),
        lambda item: item.slot.is_late and not item.work.is_in_effect,
    ),
    "incomplete": (
        Text("ohne Verantwortliche, Termin oder Kosten", "without owner, day or costs"),
        _lacks_plan,
    ),
}
"""The choices above the plan, by the name they have in addresses."""


@bp.get("/")
def show(number: int) -> str:
    """The plan of a domain: what is to be taken over, the calendar, the table and the costs."""
    view = View.from_address()
    with reading() as session:
        domain = _domain(session, number)
        whole = plan_of(session, domain)
        part = view.part_of(whole)
        title = f"{paper.CALENDAR[language()]}: {domain}"
        return render_template(
            "assessments/plan/show.html",
            domain=domain,
            whole=whole,
            plan=part,
            view=view,
            filters={name: words for name, (words, _wanted) in FILTERS.items()},
            owners=sorted({item.work.responsible for item in whole.items} - {""}, key=str.casefold),
            title=title,
            images=_images(part, title),
            paper=paper,
            measure=Measure,
            statuses=UNMET,
            met=Status.YES,
            notes={item.work.number: paper.note_on(item, language()) for item in part.items},
            years=paper.year_rows(part, language()),
            shares=paper.named_shares(part, language()),
            total=paper.total(part),
            new_answers=by_works(whole.new_answers),
            missing=sum(len(group.shortfalls) for group in whole.unplanned) + len(whole.controls),
            may_plan=_may_plan(domain),
            may_answer=may_do(me(), Permission.EDIT, domain),
            may_export=may_do(me(), Permission.EXPORT, domain),
        )


def _images(plan: Plan, title: str) -> dict[str, Markup]:
    """The calendar for wide and for narrow screens; each page shows one of them."""
    chart, links = paper.timeline(plan, language()), _links(plan.items)
    widths = {"wide": timeline.SCREEN, "narrow": timeline.PHONE}
    # The pictures are made of numbers and escaped labels alone.
    return {
        name: Markup(timeline.svg(chart, language(), title, links=links, width=width))  # noqa: S704
        for name, width in widths.items()
    }


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


def _may_plan(domain: InformationDomain) -> bool:
    return may_do(me(), Permission.EDIT, domain) and may(me(), Permission.CREATE, Measure.area)


def _links(items: Iterable[Item]) -> dict[str, str]:
    """The page of each measure by the key of its bar."""
    return {
        item.work.designation: url_for("entries.show", slug=Measure.slug, number=item.work.number)
        for item in items
    }


@bp.get("/a6.<extension>")
def export(number: int, extension: str) -> Response:
    """Reference document A.6 of the domain, from one snapshot."""
    chosen = chosen_format(extension)
    with reading() as session:
        domain = _domain(session, number, Permission.EXPORT)
        return sent(printed("a6", session, entry=domain), chosen, f"{domain.designation}-A.6")


# --- What has no measure yet ---------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Which of the requirements without a measure are shown."""

    layer: str
    level: str
    page: int
    ticked: bool
    requirement: str = ""
    """The only one, where somebody comes from its question."""
    came_from: str = ""
    """Id of the assignment with that question."""

    @classmethod
    def from_address(cls) -> Choice:
        values = request.values
        page = values.get("page", 1, type=int)
        return cls(
            values.get("layer", ""),
            values.get("level", ""),
            max(page, 1),
            values.get("ticked") != "no",
            request.args.get("requirement", "") or request.form.get("only", ""),
            values.get("from", ""),
        )

    def of(self, groups: Sequence[Group]) -> list[Group]:
        return [
            group
            for group in groups
            if self.layer in ("", edition_2023().module(group.requirement.module).layer)
            and self.level in ("", group.requirement.level.value)
            and self.requirement in ("", group.requirement.id)
        ]


@dataclass(frozen=True)
class Offered:
    """One requirement without a measure, with what its measure may begin with."""

    group: Group
    draft: Draft

    @property
    def notes(self) -> tuple[str, ...]:
        """What the check noted, each once."""
        return tuple(dict.fromkeys(each.to_do for each in self.group.shortfalls if each.to_do))


@bp.get("/propose")
def propose(number: int) -> str:
    """Every requirement without a measure, to be made one in bulk."""
    return _proposals(number)


def _proposals(number: int, problem: str = "") -> str:
    """The page; where something was sent that could not be carried out, with what was filled in."""
    with reading() as session:
        domain = _domain(session, number, Permission.EDIT)
        demand(me(), Permission.CREATE, Measure)
        plan = plan_of(session, domain)
        choice = Choice.from_address()
        chosen = choice.of(plan.unplanned)
        pages = max(1, -(-len(chosen) // AT_ONCE))
        page = min(choice.page, pages)
        some = chosen[(page - 1) * AT_ONCE : page * AT_ONCE]
        layers = {edition_2023().module(group.requirement.module).layer for group in plan.unplanned}
        return render_template(
            "assessments/plan/propose.html",
            domain=domain,
            offered=[Offered(group, _begun(group)) for group in some],
            ticked=_ticked(choice, some),
            given=request.form,
            problem=problem,
            choice=replace(choice, page=page),
            pages=pages,
            count=len(chosen),
            untreated=plan.untreated if page == 1 and not choice.requirement else (),
            controls=plan.controls if page == 1 and not choice.requirement else (),
            back=_back(number, choice.came_from, choice.requirement),
            layers=[layer for layer in edition_2023().layers if layer.id in layers],
            levels=tuple(Level),
            works=_open_works(session),
            orders=tuple(Order),
        )


def _back(number: int, came_from: str, requirement: str) -> str:
    """Where somebody goes on: at the question that led here, or in the plan."""
    if came_from and requirement:
        return url_for("grundschutz.check", number=number, identity=came_from, _anchor=requirement)
    return url_for(".show", number=number)


def _open_works(session: Session) -> list[tuple[int, str]]:
    """The measures to which a requirement may be added, by number."""
    query = select(Measure.number, Measure.name).where(
        Measure.library.is_not(True), Measure.state != State.ENDED
    )
    rows = session.execute(visible(query, me(), Measure).order_by(Measure.number))
    return [(row.number, row.name) for row in rows]


def _begun(group: Group) -> Draft:
    """What the measure for *group* begins with: what was filled in already, or what the check says."""
    draft = proposed(group)
    requirement_id = group.requirement.id
    if f"name:{requirement_id}" not in request.form:
        return draft
    with suppress(Refused):
        draft = replace(draft, due=_day(request.form.get(f"due:{requirement_id}", "")))
    return replace(
        draft,
        name=request.form[f"name:{requirement_id}"],
        responsible=request.form.get(f"responsible:{requirement_id}", ""),
    )


def _ticked(choice: Choice, groups: Sequence[Group]) -> Collection[str]:
    """The requirements and risks that are ticked; on a fresh page all or none."""
    if request.method == "POST":
        return {*(each for name in ("requirement", "risk", "control") for each in request.form.getlist(name))}
    return {group.requirement.id for group in groups} if choice.ticked else ()


@bp.post("/propose")
def create(number: int) -> Response | tuple[str, int]:
    """Draws up a measure for each ticked requirement, one for all of them, or adds them to one there is."""
    try:
        return _created(number)
    except Refused as refusal:
        return _proposals(number, refusal.text[language()]), 422


@dataclass(frozen=True)
class Ticked:
    """What somebody wants measures for."""

    requirements: tuple[str, ...]
    risks: tuple[tuple[int, str], ...]
    controls: frozenset[uuid.UUID]
    """Ids of answers."""

    @classmethod
    def from_form(cls) -> Ticked:
        """Raises :class:`Refused` where nothing is ticked."""
        found = cls(
            tuple(dict.fromkeys(request.form.getlist("requirement"))),
            tuple(_risk(text) for text in request.form.getlist("risk")),
            frozenset(_identity(text) for text in request.form.getlist("control")),
        )
        if not found.requirements and not found.risks and not found.controls:
            raise Refused(_NOTHING_TICKED)
        return found


def _created(number: int) -> Response:
    ticked = Ticked.from_form()
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        match request.form.get("do", "each"):
            case "existing":
                measure = _added(session, domain, ticked)
                said = _("Die Anforderungen gehören jetzt zu %(measure)s.", measure=measure)
            case do:
                count = len(_drawn(session, domain, ticked, together=do == "together"))
                said = ngettext("%(num)s Maßnahme ist angelegt.", "%(num)s Maßnahmen sind angelegt.", count)
    flash(said, "success")
    return redirect(_back(number, request.form.get("from", ""), request.form.get("only", "")))


def _added(session: Session, domain: InformationDomain, ticked: Ticked) -> Measure:
    """The measure there is, which stands for the ticked requirements as well."""
    if not ticked.requirements and not ticked.controls:
        raise Refused(_NOTHING_TICKED)
    measure = _number(request.form.get("measure", ""))
    add_controls(session, domain, measure, ticked.controls, by=me())
    return add_to(session, domain, measure, ticked.requirements, by=me())


def _drawn(session: Session, domain: InformationDomain, ticked: Ticked, *, together: bool) -> list[Measure]:
    """New measures: one for all ticked requirements, or one for each; risks have one of their own."""
    drafts = [_together(ticked.requirements)] if together else list(map(_draft, ticked.requirements))
    drawn = draw_up(session, domain, drafts, by=me()) if drafts else []
    if together and drawn:
        add_controls(session, domain, drawn[0].number, ticked.controls, by=me())
    # What the common measure stands for has none of its own any more.
    drawn += draw_up_controls(session, domain, ticked.controls, by=me())
    drawn += draw_up_against(session, domain, ticked.risks, by=me())
    if not drawn:
        raise Refused(_PLANNED_BY_NOW)
    return drawn


def _draft(requirement_id: str) -> Draft:
    return Draft(
        (requirement_id,),
        request.form.get(f"name:{requirement_id}", ""),
        request.form.get(f"responsible:{requirement_id}", ""),
        _day(request.form.get(f"due:{requirement_id}", "")),
    )


def _together(requirement_ids: Sequence[str]) -> Draft:
    """One measure for all; the earliest day counts, and somebody responsible where all name the same."""
    drafts = [_draft(each) for each in requirement_ids]
    if not drafts:
        raise Refused(_NOTHING_TICKED)
    named = {each.responsible for each in drafts if each.responsible}
    days = [each.due for each in drafts if each.due]
    name = request.form.get("name", "") or drafts[0].name
    return Draft(
        tuple(requirement_ids), name, named.pop() if len(named) == 1 else "", min(days, default=None)
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text[:20])) from error


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refused(_NO_CHOICE)
    return int(text)


def _risk(text: str) -> tuple[int, str]:
    number, _colon, key = text.partition(":")
    return _number(number), key


# --- What is finished ----------------------------------------------------------------------------


@bp.post("/take-over")
def take(number: int) -> Response:
    """Answers the ticked requirements as finished measures propose."""
    wanted, controls = (dict(_answers(request.form.getlist(name))) for name in ("answer", "control"))
    if not wanted and not controls:
        raise Refused(_NOTHING_TICKED)
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        count = len(take_over_controls(session, domain, controls, by=me())) if controls else 0
        count += len(take_over(session, domain, wanted, by=me())) if wanted else 0
    flash(
        ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", count),
        "success",
    )
    if measure := request.form.get("measure", ""):
        return redirect(url_for("entries.show", slug=Measure.slug, number=_number(measure)))
    return redirect(url_for(".show", number=number))


def _answers(texts: Iterable[str]) -> Iterator[tuple[uuid.UUID, int]]:
    """Ids of answers, each with the version that was read."""
    for text in texts:
        identity, _colon, version = text.partition(":")
        yield _identity(identity), _number(version)


def _identity(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise Refused(_NO_CHOICE) from error


# --- On the page of a measure --------------------------------------------------------------------


@dataclass(frozen=True)
class InDomain:
    """What a measure means to one domain."""

    domain: InformationDomain
    new_answers: dict[tuple[Work, ...], list[NewAnswer]]
    waiting: tuple[Shortfall, ...]
    """What the check finds unmet there and the measure stands for."""
    controls: tuple[ControlShortfall, ...]
    """Controls of imported catalogues that are not met and the measure stands for."""
    new_controls: tuple[NewControl, ...]
    may_answer: bool


def plans_with(session: Session, measure: Measure) -> list[InDomain]:
    """The domains whose check waits for *measure*, with what it proposes to answer there."""
    if not may(me(), Permission.VIEW, InformationDomain.area):
        return []
    requirements = select(RequirementAnswer.domain_id).where(
        RequirementAnswer.requirement_id.in_(requirement_ids(measure.unmet or "")),
        RequirementAnswer.status.in_(UNMET),
    )
    controls = select(ControlAnswer.domain_id).where(
        ControlAnswer.planned_id == measure.id, ControlAnswer.status.in_(UNMET)
    )
    query = select(InformationDomain.number).where(
        or_(InformationDomain.id.in_(requirements), InformationDomain.id.in_(controls)),
        InformationDomain.state != State.ENDED,
    )
    numbers = session.scalars(visible(query, me(), InformationDomain).order_by(InformationDomain.number))
    found = (_in_domain(session, number, measure) for number in numbers.all())
    return [each for each in found if each.new_answers or each.waiting or each.controls]


def _in_domain(session: Session, number: int, measure: Measure) -> InDomain:
    domain = _domain(session, number)
    plan = plan_of(session, domain) if measure.is_in_effect else None
    new, new_controls = (plan.new_answers, plan.new_controls) if plan else ((), ())
    mine = tuple(each for each in new if measure.number in {work.number for work in each.works})
    unmet = shortfalls_of(session, domain, requirement_ids(measure.unmet))
    waiting = tuple(each for each in unmet if measure.covers(each.target_id))
    return InDomain(
        domain,
        by_works(mine),
        waiting,
        controls=tuple(
            each for each in planned_controls(session, domain).unmet if each.work == measure.number
        ),
        new_controls=tuple(each for each in new_controls if each.work.number == measure.number),
        may_answer=may_do(me(), Permission.EDIT, domain),
    )


def about(session: Session, measure: Measure) -> dict[str, Any]:
    """What the page of *measure* shows of implementation plans."""
    return {"plans": plans_with(session, measure), "met": Status.YES}


_NOTHING_TICKED: Final = Text("Bitte kreuzen Sie etwas an.", "Please tick something.")
_PLANNED_BY_NOW: Final = Text(
    "Für alles Angekreuzte gibt es inzwischen eine Maßnahme, oder es ist erfüllt.",
    "By now there is a measure for all that is ticked, or it is met.",
)
_NO_DAY: Final = Text("„{text}“ ist kein Datum.", "“{text}” is not a day.")
_NO_CHOICE: Final = Text("Bitte wählen Sie aus der Liste.", "Please choose from the list.")
