"""The threshold analysis (Schwellwertanalyse): whether Art. 35 (1) GDPR asks for an impact assessment.

Every indication is collected before the answer is given. Silence never becomes
„nicht erforderlich“, and „abgedeckt“ means required and covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text as LongText
from sqlalchemy import inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX
from assessments.dpia.published_lists import LIST_ENTRIES, shipped
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold_known import proposed_answers
from assessments.dpia.threshold_questions import CASES, CRITERIA, WP248, asked
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.entry import Area, Entry, Proposal, State, everything
from compliance.fields import (
    Code,
    choice,
    codes,
    day,
    flag,
    line,
    prose,
    reference,
    references,
    section,
)
from compliance.language import Text
from registers.processing import ProcessingActivity

RECORD_CHANGED: Final = "record"
LIST_CHANGED: Final = "list"
"""Tasks that open a confirmed analysis again."""
_TASKS: Final = {
    RECORD_CHANGED: Text(
        "Neu zu prüfen: Das Verzeichnis sagt inzwischen etwas anderes",
        "Check again: the record says something else by now",
    ),
    LIST_CHANGED: Text("Neu zu prüfen: Eine Muss-Liste hat sich geändert", "Check again: a list has changed"),
}

_KNOWN_LISTS = shipped()
_CAVEATS = [each.caveat for each in _KNOWN_LISTS if each.caveat]


class ThresholdAnalysis(Entry):
    """Whether one processing activity needs an impact assessment, with every reason."""

    slug = "threshold-analyses"
    prefix = "SWA"
    area = Area.PROJECTS
    title = Text("Schwellwertanalysen", "Threshold analyses")
    one = Text("Schwellwertanalyse", "Threshold analysis")
    due = ("recheck",)
    moving = frozenset({"confirmed_by", "confirmed_on"})
    recalled = True

    with section("subject", "Gegenstand", "Subject"):
        activity: Mapped[ProcessingActivity | None] = reference(
            "ProcessingActivity",
            "Verarbeitungstätigkeit",
            "Processing activity",
            help=Text("Die Tätigkeit, die beurteilt wird.", "The activity that is judged."),
            basis="Art. 35 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )
        result: Mapped[Outcome | None] = choice(
            Outcome,
            "Ergebnis",
            "Result",
            help=Text("Folgt aus den Antworten.", "Follows from the answers."),
            basis="Art. 35 Abs. 1 DSGVO",
            listed=True,
            fixed=True,
        )
        personal_data: Mapped[bool | None] = flag(
            "Werden personenbezogene Daten verarbeitet?",
            "Are personal data processed?",
            help=Text(
                "Auch Kennungen, Bilder und Standorte zählen. Im Zweifel „ja“.",
                "Identifiers, images and locations count. If in doubt, “yes”.",
            ),
            basis="Art. 2 Abs. 1, Art. 4 Nr. 1 DSGVO",
            expected=True,
        )
        anonymity: Mapped[str] = prose(
            "Warum die Daten anonym sind",
            "Why the data are anonymous",
            help=Text(
                "Nur bei „nein“: wie und durch wen anonymisiert wird.",
                "Only for “no”: how and by whom data are anonymised.",
            ),
            basis="ErwGr. 26 DSGVO",
            more=True,
        )
        reidentifiable: Mapped[bool | None] = flag(
            "Lassen sich Personen mit vertretbarem Aufwand wieder bestimmen?",
            "Can persons be identified again with reasonable effort?",
            help=Text(
                "Nur bei „nein“ oben: auch mit Zusatzwissen Dritter und künftiger Technik geprüft.",
                "Only for “no” above: considering what others know and future technology.",
            ),
            basis="ErwGr. 26 DSGVO",
            more=True,
        )

    with section("exclusions", "Ausnahmen", "Exclusions"):
        done_by_law: Mapped[bool | None] = flag(
            "Hat schon das Gesetzgebungsverfahren die Folgen abgeschätzt?",
            "Was the impact assessed when the law was made?",
            help=Text(
                "Nur wenn die Rechtsgrundlage den Vorgang konkret regelt und eine DSFA bei ihrem "
                "Erlass erfolgte.",
                "Only if the law regulates the very operation and a DPIA was carried out when it was "
                "adopted.",
            ),
            basis="Art. 35 Abs. 10 DSGVO",
            expected=True,
        )
        done_by_law_source: Mapped[str] = line(
            "Fundstelle",
            "Where it is found",
            help=Text(
                "Vorschrift und Drucksache mit der Folgenabschätzung.",
                "Provision and paper with the assessment.",
            ),
            basis="Art. 35 Abs. 10 DSGVO",
            when="done_by_law",
        )
        covered_by: Mapped[Any] = reference(
            "Dpia",
            "Durch diese DSFA abgedeckt",
            "Covered by this DPIA",
            help=Text(
                "Eine DSFA über ähnliche Vorgänge mit ähnlich hohen Risiken, in der diese Tätigkeit "
                "aufgeführt ist.",
                "A DPIA of similar operations with similarly high risks that names this activity.",
            ),
            basis="Art. 35 Abs. 1 Satz 2 DSGVO",
        )
        covered_reason: Mapped[str] = prose(
            "Warum sie auch diese Tätigkeit abdeckt",
            "Why it covers this activity too",
            help=Text(
                "Worin Art, Umfang, Umstände, Zwecke und Risiken übereinstimmen.",
                "In what nature, scope, context, purposes and risks agree.",
            ),
            basis="Art. 35 Abs. 1 Satz 2 DSGVO",
            more=True,
        )

    with section("list", "Muss-Liste", "Mandatory list"):
        listed_case: Mapped[bool | None] = flag(
            "Steht die Verarbeitung auf der Muss-Liste?",
            "Is the processing on the mandatory list?",
            help=_CAVEATS[-1],
            basis="Art. 35 Abs. 4 DSGVO",
            expected=True,
        )
        list_entries: Mapped[tuple[Code, ...]] = codes(
            LIST_ENTRIES,
            "Zutreffende Einträge",
            "Entries that apply",
            help=Text(
                "; ".join(f"{each.title.de}, Version {each.version}, sinngemäß" for each in _KNOWN_LISTS)
                + ".",
                "; ".join(f"{each.title.en}, version {each.version}, in substance" for each in _KNOWN_LISTS)
                + ".",
            ),
            basis="Art. 35 Abs. 4 DSGVO",
            when="listed_case",
        )
        own_entries: Mapped[list[Any]] = references(
            "AuthorityListItem",
            "Zutreffende Einträge der eigenen Aufsichtsbehörde",
            "Entries of the own authority that apply",
            help=Text(
                "Aus dem Register „Listen der Aufsichtsbehörden“.",
                "From the register “Lists of the authorities”.",
            ),
            basis="Art. 35 Abs. 4 DSGVO",
            when="listed_case",
        )

    with section("cases", "Fälle des Art. 35 Abs. 3", "Cases of Art. 35 (3)"):
        extensive_evaluation: Mapped[bool | None] = asked(CASES["extensive_evaluation"])
        extensive_sensitive_data: Mapped[bool | None] = asked(CASES["extensive_sensitive_data"])
        public_monitoring: Mapped[bool | None] = asked(CASES["public_monitoring"])

    with section("criteria", "Neun Kriterien", "Nine criteria"):
        evaluation: Mapped[bool | None] = asked(CRITERIA["evaluation"])
        automated_decision: Mapped[bool | None] = asked(CRITERIA["automated_decision"])
        monitoring: Mapped[bool | None] = asked(CRITERIA["monitoring"])
        sensitive: Mapped[bool | None] = asked(CRITERIA["sensitive"])
        large_scale: Mapped[bool | None] = asked(CRITERIA["large_scale"])
        matching: Mapped[bool | None] = asked(CRITERIA["matching"])
        vulnerable: Mapped[bool | None] = asked(CRITERIA["vulnerable"])
        innovative: Mapped[bool | None] = asked(CRITERIA["innovative"])
        blocks_right: Mapped[bool | None] = asked(CRITERIA["blocks_right"])

    with section("judgement", "Gesamturteil", "Judgement"):
        rough_severity: Mapped[Grade | None] = choice(
            Grade,
            "Wie schwer wöge der größte denkbare Schaden?",
            "How grave would the greatest conceivable damage be?",
            help=Text(
                "Nötig, wenn keines der Kriterien zutrifft. Gemeint ist der Schaden für die Person.",
                "Needed where no criterion applies. It is about the damage to the person.",
            ),
            basis="Art. 35 Abs. 1 DSGVO, DSK-Kurzpapier Nr. 18",
        )
        rough_likelihood: Mapped[Grade | None] = choice(
            Grade,
            "Wie wahrscheinlich ist er?",
            "How likely is it?",
            help=Text(
                "Aus beidem ergibt sich nach der Risikomatrix die grobe Einschätzung.",
                "The risk matrix makes the rough assessment of both.",
            ),
            basis="Art. 35 Abs. 1 DSGVO, DSK-Kurzpapier Nr. 18",
        )
        rough_risk: Mapped[RiskLevel | None] = choice(
            RiskLevel, "Grobe Einschätzung des Risikos", "Rough assessment of the risk", fixed=True
        )
        high_risk: Mapped[bool | None] = flag(
            "Hat die Verarbeitung voraussichtlich ein hohes Risiko zur Folge?",
            "Is the processing likely to result in a high risk?",
            help=Text(
                "Für Rechte und Freiheiten der Personen, nicht für die Verwaltung.",
                "For the rights and freedoms of persons, not for the authority.",
            ),
            basis="Art. 35 Abs. 1 Satz 1 DSGVO",
            expected=True,
        )
        reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text(
                "Nötig, sobald ein Kriterium zutrifft und dennoch kein hohes Risiko erwartet wird.",
                "Needed where a criterion applies and no high risk is expected nevertheless.",
            ),
            basis=f"Art. 5 Abs. 2 DSGVO, {WP248}",
        )
        voluntary: Mapped[bool | None] = flag(
            "Soll die DSFA freiwillig durchgeführt werden?",
            "Is a DPIA to be carried out voluntarily?",
            help=Text("Wenn sie nicht vorgeschrieben ist.", "Where it is not prescribed."),
            basis="Art. 24 Abs. 1 DSGVO",
            more=True,
        )
        recheck: Mapped[date | None] = day(
            "Erneut prüfen am",
            "Check again on",
            help=Text(
                "Spätestens wenn sich Zweck, Daten, Technik oder Umfang ändern.",
                "At the latest when purpose, data, technology or scale change.",
            ),
            basis="Art. 35 Abs. 11, Art. 24 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )

    with section("confirmation", "Bestätigung", "Confirmation"):
        confirmed_by: Mapped[str] = line(
            "Vorgeschlagene Antworten bestätigt von",
            "Proposed answers confirmed by",
            personal=True,
            fixed=True,
        )
        confirmed_on: Mapped[date | None] = day("Bestätigt am", "Confirmed on", fixed=True)

    basis: Mapped[str] = mapped_column(LongText, default="", server_default="")
    """What the confirmation rested on, see :mod:`assessments.dpia.threshold_review`."""

    if TYPE_CHECKING:
        activity_id: Mapped[Any]

    def derive(self) -> None:
        self.rough_risk = self._rough_risk()
        self.result = outcome(self).outcome

    def _rough_risk(self) -> RiskLevel | None:
        """Severity and likelihood by the matrix of the organisation.

        Older analyses hold the level alone, which stays until somebody grades them.
        """
        if self.rough_severity and self.rough_likelihood:
            session = object_session(self)
            matrix = matrix_of(session) if session else DEFAULT_MATRIX
            return matrix.level(self.rough_severity, self.rough_likelihood)
        history = (inspect(self).attrs[name].history for name in ("rough_severity", "rough_likelihood"))
        graded = any(value is not None for each in history for value in (*each.sum(), None))
        return None if graded else self.rough_risk

    @property
    def is_unanswered(self) -> bool:
        return self.confirmed_on is None

    def proposals(self, session: Session) -> Mapping[str, Proposal]:
        return _beginning(session, self.activity) if self.activity else {}

    @classmethod
    def task_label(cls, what: str) -> Text | None:
        return _TASKS.get(what)


def analyses_of(session: Session, activities: Iterable[ProcessingActivity]) -> Sequence[ThresholdAnalysis]:
    """The analyses of *activities* that have not ended, whole and by number."""
    ids = [activity.id for activity in activities]
    query = select(ThresholdAnalysis).where(ThresholdAnalysis.activity.has(ProcessingActivity.id.in_(ids)))
    query = query.where(ThresholdAnalysis.state != State.ENDED).order_by(ThresholdAnalysis.number)
    return session.scalars(query.options(*everything(ThresholdAnalysis))).all()


def _beginning(session: Session, activity: ProcessingActivity) -> dict[str, Proposal]:
    """What a new analysis of *activity* begins with."""
    whole = session.scalars(
        select(ProcessingActivity)
        .where(ProcessingActivity.id == activity.id)
        .options(*everything(ProcessingActivity))
    ).one()
    copied = {"name": whole.name, "unit": whole.unit, "recheck": whole.next_review}
    known = {name: Proposal(value, _AS_RECORDED) for name, value in copied.items() if value}
    return known | proposed_answers(whole)


_AS_RECORDED = Text("Wie im Verzeichnis.", "As in the record.")
