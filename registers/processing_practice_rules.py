"""What an audit checks about how an activity is practised: release, review, notices, systems, erasure.

The rules of :mod:`registers.processing_rules` ask for what the record must
hold; these ask whether practice keeps up with it. Activities under the JI part
of the Land law follow rules of their own on decisions and on information.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher
from types import SimpleNamespace
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import ScalarSelect, bindparam, exists, select, tuple_
from sqlalchemy.orm import aliased

from compliance.database import Query, folded
from compliance.entry import State
from compliance.fields import Span, TimeUnit
from compliance.language import Text
from compliance.people import Unit
from compliance.release import content_hash
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Severity, Situation, named
from registers.ai import AiClass
from registers.authority import Authority
from registers.notices import is_from_elsewhere, notice_hash
from registers.objects import ObjectStatus, TargetObject
from registers.processing import (
    ArchiveOffer,
    AutomatedBasis,
    AutomationLevel,
    DataCategory,
    DataSource,
    NoticeStatus,
    ProcessingActivity,
    Regime,
    Stage,
)

_ACTIVITIES: Final = RuleBook(ProcessingActivity)
_OBJECTS: Final = RuleBook(TargetObject)
_AUTHORITIES: Final = RuleBook(Authority)

_DAY: Final = date(2026, 3, 2)


def _blank(text: str) -> bool:
    """Whether *text* says nothing: empty, or no more than a dash."""
    return not any(character.isalnum() for character in text)


def _is_ji(activity: ProcessingActivity) -> bool:
    return activity.regime is Regime.POLICE


def _is_over(activity: ProcessingActivity) -> bool:
    return activity.stage is Stage.RETIRED or activity.state is State.ENDED


def _is_running(activity: ProcessingActivity) -> bool:
    """Whether personal data are processed now; a pilot with real data counts."""
    return activity.stage in (Stage.TEST, Stage.OPERATION) and activity.state is not State.ENDED


# --- Automated decisions and artificial intelligence ----------------------------------------------


@_ACTIVITIES.rule(
    "VVT-025",
    Severity.ERROR,
    "Art. 22 Abs. 2, 3 DSGVO",
    field="automated_basis",
    says=Text(
        "Es wird automatisiert entschieden, aber „{field}“ ist nicht angegeben.",
        "Decisions are automated, but “{field}” is not given.",
    ),
    remedy=Text(
        "Angeben, warum die automatisierte Entscheidung nach Art. 22 Abs. 2 zulässig ist, und beschreiben, "
        "wie ein Mensch eingreifen kann und wie Betroffene ihren Standpunkt darlegen und die Entscheidung "
        "anfechten.",
        "State why the automated decision is allowed under Art. 22 (2), and describe how a human can "
        "intervene and how data subjects state their view and contest the decision.",
    ),
    breaks=lambda: ProcessingActivity(name="Bewohnerparkausweis", automated_decision=True),
    keeps=lambda: ProcessingActivity(
        name="Bewohnerparkausweis",
        automated_decision=True,
        automated_basis=AutomatedBasis.LAW,
        automated_safeguards="§ 35a VwVfG; auf Wunsch prüft die Sachbearbeitung, Rechtsbehelf wie sonst.",
    ),
)
def _automated_decision_is_allowed(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.automated_decision is not True or _is_ji(activity):
        return
    if activity.automated_basis is None:
        yield Hit(words={"field": "automated_basis"})
    if _blank(activity.automated_safeguards):
        yield Hit(words={"field": "automated_safeguards"})


_LAND_WITH_ITEG: Final = "SH"


@_ACTIVITIES.rule(
    "VVT-026",
    Severity.WARNING,
    "Verordnung (EU) 2024/1689, § 5 ITEG SH",
    field="ai_class",
    says=Text(
        "Es wird künstliche Intelligenz eingesetzt, aber „{field}“ ist nicht angegeben.",
        "Artificial intelligence is used, but “{field}” is not given.",
    ),
    remedy=Text(
        "Das System nach der KI-Verordnung einstufen; öffentliche Stellen in Schleswig-Holstein ordnen es "
        "außerdem einer Automationsstufe nach dem ITEG zu.",
        "Classify the system under the AI Act; public bodies in Schleswig-Holstein also assign a level of "
        "automation under the ITEG.",
    ),
    breaks=lambda: ProcessingActivity(name="Chatbot der Bürgerdienste", ai=True),
    keeps=lambda: ProcessingActivity(
        name="Chatbot der Bürgerdienste",
        ai=True,
        ai_class=AiClass.TRANSPARENCY,
        automation_level=AutomationLevel.ASSISTANCE,
    ),
)
def _artificial_intelligence_is_classified(
    activity: ProcessingActivity, situation: Situation
) -> Iterable[Hit]:
    if activity.ai is not True:
        return
    if activity.ai_class is None:
        yield Hit(words={"field": "ai_class"})
    by_iteg = situation.is_authority and situation.land == _LAND_WITH_ITEG
    if by_iteg and activity.automation_level is None:
        yield Hit(words={"field": "automation_level"})


# --- Release and review --------------------------------------------------------------------------


def _began(activity: ProcessingActivity, today: date) -> bool:
    """Whether the activity is in operation, or its go-live has passed while nobody says so."""
    if activity.stage is Stage.OPERATION:
        return True
    passed = activity.since is not None and activity.since < today
    return passed and activity.stage not in (Stage.TEST, Stage.RETIRED)


@_ACTIVITIES.rule(
    "VVT-027",
    Severity.ERROR,
    "Art. 24 Abs. 1, Art. 5 Abs. 2 DSGVO",
    field="stage",
    says=Text(
        "Die Tätigkeit hat begonnen, aber der Eintrag ist nicht freigegeben.",
        "The activity has begun, but the entry is not released.",
    ),
    remedy=Text(
        "Den Eintrag vervollständigen, zur Prüfung geben und durch die Leitung freigeben lassen. Liegt der "
        "Beginn noch vor Ihnen, „Eingeführt am“ berichtigen.",
        "Complete the entry, submit it for review and have management release it. If it has not begun yet, "
        "correct “Introduced on”.",
    ),
    breaks=lambda: ProcessingActivity(name="Hundesteuer", stage=Stage.OPERATION, state=State.DRAFT),
    keeps=lambda: ProcessingActivity(name="Hundesteuer", stage=Stage.OPERATION, state=State.RELEASED),
)
def _begun_is_released(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if not _began(activity, situation.today):
        return
    if activity.state in (State.IMPORTED, State.DRAFT):
        yield Hit()
    if activity.state is State.REVIEW:
        # Only a release repairs it, so it must not stand against the release.
        yield Hit(severity=Severity.WARNING)


@_ACTIVITIES.rule(
    "VVT-028",
    Severity.WARNING,
    "Art. 24 Abs. 1 Satz 2, Art. 30 DSGVO",
    field="next_review",
    says=Text(
        "Die nächste Überprüfung ist überfällig oder nicht festgelegt.",
        "The next review is overdue or not set.",
    ),
    remedy=Text(
        "Den Eintrag überprüfen und den nächsten Termin eintragen; üblich sind ein bis drei Jahre.",
        "Review the entry and enter the next date; one to three years are usual.",
    ),
    breaks=lambda: ProcessingActivity(name="Standesamt", next_review=date(2026, 3, 1)),
    keeps=lambda: ProcessingActivity(name="Standesamt", next_review=date(2026, 3, 2)),
)
def _review_is_ahead(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if _is_over(activity):
        return
    if activity.next_review is None or activity.next_review < situation.today:
        yield Hit()


_OPINIONS: Final = Reads("Opinion", "entry_id", ("id", "given_on", "content"))


def _after_an_opinion_on(advised: ProcessingActivity, now: ProcessingActivity) -> Case:
    opinion = SimpleNamespace(id=1, given_on=date(2026, 2, 2), content=content_hash(advised))
    return Case(now, Situation(_DAY, near={"Opinion": [opinion]}))


@_ACTIVITIES.rule(
    "VVT-029",
    Severity.WARNING,
    "Art. 39 Abs. 1 lit. b DSGVO",
    field="name",
    says=Text(
        "Der Eintrag wurde nach der letzten Stellungnahme der Datenschutzbeauftragten geändert.",
        "The entry was changed after the latest opinion of the data protection officer.",
    ),
    remedy=Text(
        "Die Datenschutzbeauftragte auf die Änderung hinweisen und um eine neue Stellungnahme bitten.",
        "Point the change out to the data protection officer and ask for a new opinion.",
    ),
    breaks=lambda: _after_an_opinion_on(
        ProcessingActivity(name="Kita-Platzvergabe"), ProcessingActivity(name="Kita-Platzvergabe", video=True)
    ),
    keeps=lambda: _after_an_opinion_on(
        ProcessingActivity(name="Kita-Platzvergabe"), ProcessingActivity(name="Kita-Platzvergabe")
    ),
    reads=(_OPINIONS,),
)
def _opinion_is_about_this(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    opinions = situation.near.get("Opinion", ())
    if not opinions or _is_over(activity):
        return
    latest = max(opinions, key=lambda row: (row.given_on or date.min, row.id))
    if latest.content and latest.content != content_hash(activity):
        yield Hit()


# --- Duplicates ----------------------------------------------------------------------------------

_NEIGHBOURS: Final = 3
"""How many names before and after an entry are compared with its own."""
SIMILAR: Final = 0.9


def _beside() -> Query:
    """For each judged activity, numbers and sort keys of the names next to its own in the same unit.

    Names that are nearly the same lie next to each other, so an index finds them without comparing
    each with each.
    """
    mine = aliased(ProcessingActivity, name="mine")
    columns: list[ScalarSelect[Any]] = []
    for ascending in (False, True):
        for position in range(_NEIGHBOURS):
            columns += [
                _neighbour(mine, attribute, position, ascending=ascending)
                for attribute in ("number", "sort_key")
            ]
    query = select(mine.id, *(column.label(f"beside_{index}") for index, column in enumerate(columns)))
    return query.where(
        mine.organisation_id == bindparam("organisation"), mine.id.in_(bindparam("ids", expanding=True))
    )


def _neighbour(mine: Any, attribute: str, position: int, *, ascending: bool) -> ScalarSelect[Any]:
    other = aliased(ProcessingActivity)
    place, own_place = tuple_(other.sort_key, other.id), tuple_(mine.sort_key, mine.id)
    order = (other.sort_key, other.id) if ascending else (other.sort_key.desc(), other.id.desc())
    return (
        select(getattr(other, attribute))
        .where(
            other.organisation_id == mine.organisation_id,
            other.unit_id == mine.unit_id,
            other.state != State.ENDED,
            place > own_place if ascending else place < own_place,
        )
        .order_by(*order)
        .limit(1)
        .offset(position)
        .correlate(mine)
        .scalar_subquery()
    )


_BESIDE: Final = Asks("beside", _beside)


def _next_to(name: str, number: int, activity: ProcessingActivity) -> Case:
    beside = [(activity.id, number, folded(name), *([None] * (4 * _NEIGHBOURS - 2)))]
    return Case(activity, Situation(_DAY, near={"beside": beside}))


@_ACTIVITIES.rule(
    "VVT-030",
    Severity.HINT,
    "Art. 30 Abs. 1, Art. 5 Abs. 1 lit. d DSGVO",
    field="name",
    says=Text(
        "Dieselbe Organisationseinheit führt unter {what} eine Tätigkeit mit fast gleicher Bezeichnung.",
        "The same unit keeps an activity of almost the same name as {what}.",
    ),
    remedy=Text(
        "Beide Einträge vergleichen und zusammenführen oder durch ihre Bezeichnung unterscheiden.",
        "Compare both entries, and merge them or tell them apart by their names.",
    ),
    breaks=lambda: _next_to("Vergabe der Sporthallen", 12, ProcessingActivity(name="Vergabe der Sporthalle")),
    keeps=lambda: _next_to("Vergabe der Sporthallen", 12, ProcessingActivity(name="Vergabe der Kleingärten")),
    reads=(_BESIDE,),
)
def _name_is_its_own(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    own = folded(activity.name)
    if not own or _is_over(activity):
        return
    for _identity, *beside in situation.near.get("beside", ()):
        for number, name in sorted(_pairs(beside)):
            if _are_similar(own, name):
                yield Hit(words={"what": ProcessingActivity.designate(number)})


def _pairs(values: list[Any]) -> list[tuple[int, str]]:
    pairs = zip(values[::2], values[1::2], strict=True)
    return [(number, name) for number, name in pairs if number is not None]


def _are_similar(one: str, other: str) -> bool:
    """Whether two folded names are nearly the same; what differs in a number is not the same."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() > SIMILAR and matcher.quick_ratio() > SIMILAR and matcher.ratio() > SIMILAR
    )


# --- Notices -------------------------------------------------------------------------------------

_NOTICES: Final = Reads("PublishedNotice", "activity_id", ("id", "published_on", "content"))
_INFORMED: Final = frozenset({NoticeStatus.PUBLISHED, NoticeStatus.EXEMPT})


def _with_notice_of(told: ProcessingActivity, now: ProcessingActivity) -> Case:
    notice = SimpleNamespace(id=1, published_on=date(2026, 2, 2), content=notice_hash(told))
    return Case(now, Situation(_DAY, near={"PublishedNotice": [notice]}))


@_ACTIVITIES.rule(
    "VVT-031",
    Severity.ERROR,
    "Art. 12 Abs. 1, Art. 13, 14 DSGVO",
    field="notice",
    says=Text(
        "Die Datenschutzhinweise fehlen oder geben den Eintrag nicht mehr richtig wieder.",
        "The privacy notice is missing or no longer tells what the entry says.",
    ),
    remedy=Text(
        "Unter „Datenschutzhinweise“ den Text aus dem Eintrag erzeugen, veröffentlichen und den Tag "
        "eintragen. Ist keine Information erforderlich, die Ausnahme mit ihrem Grund nennen.",
        "Under “Privacy notice”, make the text from the entry, publish it and enter the day. Where no "
        "information is required, name the exception with its reason.",
    ),
    breaks=lambda: ProcessingActivity(name="Stadtarchiv", stage=Stage.OPERATION, notice=NoticeStatus.MISSING),
    keeps=lambda: _with_notice_of(
        ProcessingActivity(name="Stadtarchiv"), ProcessingActivity(name="Stadtarchiv", stage=Stage.OPERATION)
    ),
    reads=(_NOTICES,),
)
def _notice_is_up_to_date(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if not _is_running(activity) or _is_ji(activity) or activity.notice is NoticeStatus.EXEMPT:
        return
    published = situation.near.get("PublishedNotice", ())
    if not published and activity.notice not in _INFORMED:
        yield Hit()
    if published:
        latest = max(published, key=lambda row: (row.published_on or date.min, row.id))
        if latest.content != notice_hash(activity):
            yield Hit(severity=Severity.WARNING)


@_ACTIVITIES.rule(
    "VVT-032",
    Severity.ERROR,
    "Art. 14 DSGVO",
    field="informed_of_sources",
    says=Text(
        "Daten stammen nicht nur von den betroffenen Personen, aber die Information nach Art. 14 ist nicht "
        "bestätigt.",
        "Data do not come from the data subjects alone, but information under Art. 14 is not confirmed.",
    ),
    remedy=Text(
        "Betroffene innerhalb eines Monats auch über Daten aus anderen Quellen informieren und „Information "
        "über Daten aus anderen Quellen“ mit Ja beantworten, oder die Ausnahme nach Art. 14 Abs. 5 nennen.",
        "Inform data subjects within a month about data from other sources too and answer “Information on "
        "data from other sources” with yes, or name the exception under Art. 14 (5).",
    ),
    breaks=lambda: ProcessingActivity(
        name="Führerscheinstelle", stage=Stage.OPERATION, sources=(DataSource.REGISTER,)
    ),
    keeps=lambda: ProcessingActivity(
        name="Führerscheinstelle",
        stage=Stage.OPERATION,
        sources=(DataSource.REGISTER,),
        informed_of_sources=True,
    ),
)
def _persons_know_of_other_sources(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not _is_running(activity) or _is_ji(activity) or not is_from_elsewhere(activity):
        return
    exempt = activity.notice is NoticeStatus.EXEMPT or not _blank(activity.notice_exemption)
    if activity.informed_of_sources is not True and not exempt:
        yield Hit()


# --- Systems -------------------------------------------------------------------------------------


@_ACTIVITIES.rule(
    "VVT-033",
    Severity.WARNING,
    "Art. 30 Abs. 1 lit. g, Art. 32 Abs. 1 DSGVO",
    field="objects",
    says=Text(
        "Es ist weder eine Anwendung oder ein System verknüpft noch angegeben, dass nur auf Papier "
        "gearbeitet wird.",
        "Neither is an application or system linked, nor is it stated that the work is done on paper only.",
    ),
    remedy=Text(
        "Die eingesetzten Anwendungen aus den Zielobjekten wählen oder „Nur auf Papier“ mit Ja beantworten.",
        "Choose the applications in use from the target objects, or answer “On paper only” with yes.",
    ),
    breaks=lambda: ProcessingActivity(name="Fundbüro"),
    keeps=lambda: ProcessingActivity(name="Fundbüro", paper_only=True),
)
def _systems_are_linked(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not _is_over(activity) and not activity.objects and activity.paper_only is not True:
        yield Hit()


@_ACTIVITIES.rule(
    "VVT-034",
    Severity.WARNING,
    "Art. 32 Abs. 1 lit. b, Abs. 4 DSGVO",
    field="access_concept",
    says=Text(
        "Ein Berechtigungskonzept fehlt oder ist nicht bestätigt.",
        "An access concept is missing or not confirmed.",
    ),
    remedy=Text(
        "Rollen und Zugriffsrechte beschreiben, auch für Papierakten, und „Berechtigungskonzept vorhanden“ "
        "mit Ja beantworten.",
        "Describe roles and access rights, for paper files too, and answer “Access concept in place” with "
        "yes.",
    ),
    breaks=lambda: ProcessingActivity(name="Elternbeiträge", access_concept=False),
    keeps=lambda: ProcessingActivity(name="Elternbeiträge", access_concept=True),
)
def _access_is_ordered(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not _is_over(activity) and activity.access_concept is not True:
        yield Hit()


@_ACTIVITIES.rule(
    "VVT-038",
    Severity.ERROR,
    "§ 14 LDSG SH, Art. 13 DSGVO",
    field="video_sign",
    says=Text(
        "Öffentlich zugängliche Räume werden mit Video überwacht, aber „{field}“ ist nicht bestätigt.",
        "Publicly accessible areas are under video surveillance, but “{field}” is not confirmed.",
    ),
    remedy=Text(
        "Vor dem überwachten Bereich Hinweisschilder anbringen und Anlass, Erforderlichkeit und Abwägung "
        "nach dem Landesdatenschutzgesetz festhalten.",
        "Put up signs before the area begins, and record occasion, necessity and weighing under the data "
        "protection act of the Land.",
    ),
    breaks=lambda: ProcessingActivity(name="Videoschutz im Parkhaus", video=True, stage=Stage.OPERATION),
    keeps=lambda: ProcessingActivity(
        name="Videoschutz im Parkhaus",
        video=True,
        stage=Stage.OPERATION,
        video_sign=True,
        video_check="Drei Einbrüche im Jahr; Streifen reichen nicht aus; Aufnahmen nur bei Nacht.",
    ),
)
def _video_is_announced_and_assessed(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.video is not True or not _is_running(activity):
        return
    if activity.video_sign is not True:
        yield Hit(words={"field": "video_sign"})
    if _blank(activity.video_check):
        yield Hit(words={"field": "video_check"})


@_ACTIVITIES.rule(
    "VVT-039",
    Severity.ERROR,
    "Art. 5 Abs. 1 lit. b, Art. 6 Abs. 1 DSGVO",
    field="anonymisation",
    says=Text(
        "Aus personenbezogenen Daten werden offene Daten bereitgestellt, aber der Nachweis der "
        "Anonymisierung fehlt.",
        "Open data are made of personal data, but evidence of anonymisation is missing.",
    ),
    remedy=Text(
        "Das Verfahren der Anonymisierung und die Prüfung beschreiben, dass sich kein Bezug zu Personen "
        "herstellen lässt; bis dahin die Veröffentlichung aussetzen.",
        "Describe the method of anonymisation and the check that no person can be identified; suspend the "
        "publication until then.",
    ),
    breaks=lambda: ProcessingActivity(name="Verkehrszählung", open_data=True),
    keeps=lambda: ProcessingActivity(
        name="Verkehrszählung",
        open_data=True,
        anonymisation="Stundensummen je Zählstelle, unter fünf unterdrückt; geprüft am 12.01.2026.",
    ),
)
def _open_data_are_anonymous(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.open_data is True and _blank(activity.anonymisation):
        yield Hit()


# --- End of retention ----------------------------------------------------------------------------


@_ACTIVITIES.rule(
    "VVT-035",
    Severity.WARNING,
    "Art. 17 Abs. 1 lit. a, Art. 5 Abs. 1 lit. e, Abs. 2 DSGVO",
    field="erased_on",
    says=Text(
        "Die Tätigkeit ist abgelöst, aber „{field}“ ist nicht angegeben.",
        "The activity is retired, but “{field}” is not given.",
    ),
    remedy=Text(
        "Die Daten löschen oder an das Archiv oder den Nachfolger übergeben und den Nachweis mit Fundstelle "
        "eintragen.",
        "Erase the data or hand them over to the archive or the successor, and enter where the evidence is "
        "filed.",
    ),
    breaks=lambda: ProcessingActivity(name="Altes Ratsinformationssystem", stage=Stage.RETIRED),
    keeps=lambda: ProcessingActivity(
        name="Altes Ratsinformationssystem",
        stage=Stage.RETIRED,
        erased_on=date(2026, 1, 30),
        erasure_evidence="Löschprotokoll vom 30.01.2026, Az. 1.103-20-01",
    ),
)
def _retired_data_are_erased(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.stage is not Stage.RETIRED:
        return
    if activity.erased_on is None:
        yield Hit(words={"field": "erased_on"})
    if _blank(activity.erasure_evidence):
        yield Hit(words={"field": "erasure_evidence"})


_DECIDED: Final = frozenset({ArchiveOffer.OFFER, ArchiveOffer.ARCHIVED, ArchiveOffer.NOT_WORTHY})
_DELTAS: Final = {
    TimeUnit.D: "days",
    TimeUnit.W: "weeks",
    TimeUnit.M: "months",
    TimeUnit.Y: "years",
}


def _first_erasure(since: date, period: Span) -> date:
    """The day on which the oldest data of an activity can come to the end of their period."""
    try:
        return since + relativedelta(**{_DELTAS[period.unit]: period.count})  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return date.max


@_ACTIVITIES.rule(
    "VVT-040",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e DSGVO, Landesarchivgesetz",
    field="data",
    says=Text(
        "Für „{what}“ läuft die Löschfrist ab, aber ob die Unterlagen dem Archiv angeboten werden, ist nicht "
        "entschieden.",
        "For “{what}”, the erasure period ends, but whether the records are offered to the archive is not "
        "decided.",
    ),
    remedy=Text(
        "Mit dem Archiv klären, ob die Unterlagen anzubieten sind, und das Ergebnis bei der Datenkategorie "
        "eintragen. Vor der Entscheidung darf nicht gelöscht werden.",
        "Settle with the archive whether the records have to be offered, and enter the result with the "
        "category of data. Nothing may be erased before the decision.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Baugenehmigungen",
        since=date(2015, 1, 1),
        data=[DataCategory(text="Bauakten", period=Span(10, TimeUnit.Y), archive=ArchiveOffer.OPEN)],
    ),
    keeps=lambda: ProcessingActivity(
        name="Baugenehmigungen",
        since=date(2020, 1, 1),
        data=[DataCategory(text="Bauakten", period=Span(10, TimeUnit.Y), archive=ArchiveOffer.OPEN)],
    ),
)
def _archive_offer_is_decided(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    for row, what in named(activity.data):
        if row.archive not in _DECIDED and _ends(activity, row, situation.today):
            yield Hit(row, {"what": what})


def _ends(activity: ProcessingActivity, row: DataCategory, today: date) -> bool:
    """Whether data of this category already come to the end of their period."""
    if activity.stage is Stage.RETIRED:
        return activity.erased_on is None
    began = activity.since if activity.stage is not Stage.PLANNED else None
    return began is not None and row.period is not None and _first_erasure(began, row.period) <= today


# --- Coverage ------------------------------------------------------------------------------------

_NOWHERE: Final = Text(
    "„{what}“ kommt in keiner Verarbeitungstätigkeit vor.", "“{what}” occurs in no processing activity."
)

_USES: Final = Reads("ProcessingActivity", "objects", ("stage", "state"))
_DEPENDENTS: Final = Reads("TargetObject", "depends_on", ("status",))


def _server(**near: SimpleNamespace) -> Case:
    server = TargetObject(name="Dateiserver", personal_data=True, status=ObjectStatus.OPERATION)
    return Case(server, Situation(_DAY, near={name: [row] for name, row in near.items()}))


@_OBJECTS.rule(
    "VVT-037",
    Severity.WARNING,
    "Art. 30 Abs. 1 DSGVO",
    field="personal_data",
    says=_NOWHERE,
    remedy=Text(
        "Das Objekt bei den Tätigkeiten verknüpfen, die es nutzen, oder die fehlende Tätigkeit anlegen. "
        "Enthält es keine personenbezogenen Daten, die Frage danach mit Nein beantworten.",
        "Link the object with the activities that use it, or create the missing activity. If it holds no "
        "personal data, answer that question with no.",
    ),
    breaks=_server,
    keeps=lambda: _server(ProcessingActivity=SimpleNamespace(stage=Stage.OPERATION, state=State.RELEASED)),
    reads=(_USES, _DEPENDENTS),
)
def _object_is_used(target: TargetObject, situation: Situation) -> Iterable[Hit]:
    if target.personal_data is not True or target.status is not ObjectStatus.OPERATION:
        return
    uses = situation.near.get("ProcessingActivity", ())
    used = any(one.state is not State.ENDED and one.stage is not Stage.RETIRED for one in uses)
    # A server is used by the applications that rest on it; it is they that are missing.
    carries = any(one.status is not ObjectStatus.RETIRED for one in situation.near.get("TargetObject", ()))
    if not used and not carries:
        yield Hit(words={"what": target.name or target.designation})


def _units() -> Query:
    """Every unit beside each judged front sheet, and whether it keeps activities of its own."""
    kept = exists().where(
        ProcessingActivity.organisation_id == Unit.organisation_id,
        ProcessingActivity.unit_id == Unit.id,
        ProcessingActivity.state != State.ENDED,
    )
    query = select(
        Authority.id, Unit.id.label("unit"), Unit.parent_id, Unit.key, Unit.name, kept.label("kept")
    )
    return query.join(Unit, Unit.organisation_id == Authority.organisation_id).where(
        Authority.organisation_id == bindparam("organisation"),
        Authority.id.in_(bindparam("ids", expanding=True)),
    )


def _beside_units(*rows: tuple[str, str | None, bool]) -> Case:
    units = [
        SimpleNamespace(unit=key, parent_id=parent, key=key, name=f"Amt {key}", kept=kept)
        for key, parent, kept in rows
    ]
    return Case(Authority(name="Stadt Musterhafen"), Situation(_DAY, near={"units": units}))


@_AUTHORITIES.rule(
    "VVT-037",
    Severity.WARNING,
    "Art. 30 Abs. 1 DSGVO",
    field="name",
    says=_NOWHERE,
    remedy=Text(
        "Mit der Organisationseinheit klären, welche Tätigkeiten sie ausübt, und sie anlegen; jede Stelle "
        "mit Beschäftigten und Post verarbeitet personenbezogene Daten.",
        "Find out with the unit which activities it performs and create them; every office with staff and "
        "mail processes personal data.",
    ),
    breaks=lambda: _beside_units(("1", None, True), ("2", None, False)),
    keeps=lambda: _beside_units(("1", None, False), ("1.1", "1", True)),
    reads=(Asks("units", _units),),
)
def _every_unit_has_activities(_: Authority, situation: Situation) -> Iterable[Hit]:
    units = {row.unit: row for row in situation.near.get("units", ())}
    covered = {identity for row in units.values() if row.kept for identity in _upwards(row.unit, units)}
    for row in units.values():
        above = units.get(row.parent_id)
        # The activities of a section may stand with its department; an empty department speaks for its parts.
        spoken_for = above is not None and (above.kept or above.unit not in covered)
        if row.unit not in covered and not spoken_for:
            yield Hit(words={"what": f"{row.key} {row.name}".strip()})


def _upwards(unit: Any, units: dict[Any, Any]) -> Iterable[Any]:
    """*unit* and everything above it; a circle ends where it began."""
    seen: set[Any] = set()
    while unit in units and unit not in seen:
        seen.add(unit)
        unit = units[unit].parent_id
    return seen


RULES: Final = (*_ACTIVITIES, *_OBJECTS, *_AUTHORITIES)
