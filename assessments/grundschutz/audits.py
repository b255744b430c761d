"""Audits of an information domain: what is checked, what was found, and what became of it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Mapped

from assessments.grundschutz.domain import InformationDomain
from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, choices, day, flag, line, number, prose, reference, rows, section
from compliance.language import Text
from registers.measures import Measure
from registers.objects import TargetObject

_AUDIT: Final = "DER.3.1 Audits und Revisionen"
_SCHEME: Final = "Auditierungsschema der ISO-27001-Zertifizierung auf Basis von IT-Grundschutz"
_FOLLOW_UP: Final = "Referenzdokument A.0.5, Lenkung von Korrektur- und Vorbeugungsmaßnahmen"


class AuditKind(Term):
    """What an audit is for."""

    INTERNAL = Text("Internes Audit", "Internal audit")
    REVISION = Text("IS-Revision", "IS revision")
    CERTIFICATION = Text("Zertifizierungsaudit", "Certification audit")
    SURVEILLANCE_1 = Text("Erstes Überwachungsaudit", "First surveillance audit")
    SURVEILLANCE_2 = Text("Zweites Überwachungsaudit", "Second surveillance audit")
    RECERTIFICATION = Text("Rezertifizierungsaudit", "Recertification audit")
    ATTESTATION = Text(
        "Audit zum Testat nach der Basis-Absicherung", "Audit for a basic protection attestation"
    )


class Grade(Term):
    """How much a finding of an audit weighs."""

    SEVERE = Text("Schwerwiegende Abweichung", "Severe deviation")
    MINOR = Text("Geringfügige Abweichung", "Minor deviation")
    RECOMMENDATION = Text("Empfehlung", "Recommendation")


class Ground(Term):
    """Why a module or a measure is proposed for a sample."""

    ALWAYS = Text("gehört in jede Stichprobe", "belongs into every sample")
    LAYER = Text("Schicht noch nicht vertreten", "layer not represented yet")
    NEED = Text("Objekt mit erhöhtem Schutzbedarf", "object with an increased need")
    NEVER = Text("in den letzten drei Jahren nicht geprüft", "not checked in the last three years")
    UNMET = Text("Anforderungen offen", "requirements are not met")
    RISK = Text("hohes Risiko vor der Maßnahme", "high risk before the measure")
    DRAWN = Text("nach der Prüfsumme gezogen", "drawn by checksum")


class SampledModule(Part, of="Audit"):
    """A module of the sample, and the object at which it is checked."""

    module_id: Mapped[str] = line(
        "Baustein",
        "Module",
        length=20,
        help=Text("Kennung im IT-Grundschutz-Kompendium.", "Identifier in the IT-Grundschutz-Kompendium."),
        basis=_SCHEME,
    )
    target: Mapped[TargetObject | None] = reference(
        "TargetObject",
        "Geprüft an",
        "Checked at",
        help=Text(
            "Leer, wenn der Baustein für den ganzen Informationsverbund gilt.",
            "Empty where the module applies to the whole information domain.",
        ),
        basis=_SCHEME,
    )
    grounds: Mapped[tuple[Ground, ...]] = choices(
        Ground,
        "Vorgeschlagen, weil",
        "Proposed because",
        help=Text("Leer, wenn der Baustein von Hand aufgenommen ist.", "Empty where added by hand."),
        basis=_SCHEME,
    )
    checked: Mapped[bool | None] = flag(
        "In der Stichprobe",
        "In the sample",
        help=Text(
            "„Nein“ hält fest, dass ein Vorschlag begründet gestrichen ist.",
            "“No” records that a proposal has been dropped for a reason.",
        ),
        basis=_SCHEME,
    )
    reason: Mapped[str] = prose(
        "Begründung der Anpassung",
        "Reason for the change",
        help=Text("Nötig, wo vom Vorschlag abgewichen wird.", "Needed where it deviates from the proposal."),
        basis=_SCHEME,
    )

    if TYPE_CHECKING:
        target_id: Mapped[uuid.UUID | None]


class SampledMeasure(Part, of="Audit"):
    """A measure from the risk analysis that belongs to the sample."""

    measure: Mapped[Measure | None] = reference(
        "Measure",
        "Maßnahme",
        "Measure",
        help=Text("Aus der Behandlung eines Risikos.", "From the treatment of a risk."),
        basis=_SCHEME,
    )
    grounds: Mapped[tuple[Ground, ...]] = choices(
        Ground,
        "Vorgeschlagen, weil",
        "Proposed because",
        help=Text("Leer, wenn die Maßnahme von Hand aufgenommen ist.", "Empty where added by hand."),
        basis=_SCHEME,
    )
    checked: Mapped[bool | None] = flag(
        "In der Stichprobe",
        "In the sample",
        help=Text(
            "„Nein“ hält fest, dass ein Vorschlag begründet gestrichen ist.",
            "“No” records that a proposal has been dropped for a reason.",
        ),
        basis=_SCHEME,
    )
    reason: Mapped[str] = prose(
        "Begründung der Anpassung",
        "Reason for the change",
        help=Text("Nötig, wo vom Vorschlag abgewichen wird.", "Needed where it deviates from the proposal."),
        basis=_SCHEME,
    )

    if TYPE_CHECKING:
        measure_id: Mapped[uuid.UUID | None]


class AuditFinding(Part, of="Audit"):
    """One thing that an audit found, and what is done about it."""

    text: Mapped[str] = prose(
        "Feststellung",
        "Finding",
        help=Text("Was vorgefunden wurde.", "What was found."),
        basis=_AUDIT,
        expected=True,
    )
    grade: Mapped[Grade | None] = choice(
        Grade,
        "Einstufung",
        "Grade",
        help=Text("Wie schwer die Feststellung wiegt.", "How much the finding weighs."),
        basis=_SCHEME,
        expected=True,
    )
    concerns: Mapped[str] = line(
        "Anforderung oder Baustein",
        "Requirement or module",
        length=40,
        help=Text("Kennung, zum Beispiel OPS.1.1.3.A3 oder OPS.1.1.3.", "Such as OPS.1.1.3.A3 or OPS.1.1.3."),
        basis=_AUDIT,
    )
    target: Mapped[TargetObject | None] = reference(
        "TargetObject",
        "Zielobjekt",
        "Target object",
        help=Text("Wo es vorgefunden wurde.", "Where it was found."),
        basis=_AUDIT,
    )
    responsible: Mapped[str] = line(
        "Abzustellen durch",
        "To be put right by",
        help=Text("Name oder Stelle, die handeln muss.", "The person or post that has to act."),
        basis=_FOLLOW_UP,
        personal=True,
    )
    until: Mapped[date | None] = day(
        "Bis",
        "Until",
        help=Text("Wann es abgestellt sein muss.", "When it must be put right."),
        basis=_FOLLOW_UP,
    )
    measure: Mapped[Measure | None] = reference(
        "Measure",
        "Maßnahme",
        "Measure",
        help=Text("Womit es abgestellt wird.", "By which it is put right."),
        basis=_FOLLOW_UP,
    )
    done_on: Mapped[date | None] = day(
        "Abgestellt am",
        "Put right on",
        help=Text("Tag, an dem die Wirkung bestätigt wurde.", "Day on which the effect was confirmed."),
        basis=_FOLLOW_UP,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        length=500,
        help=Text("Fundstelle, die belegt, dass es abgestellt ist.", "Where it is shown to be put right."),
        basis=_FOLLOW_UP,
    )

    if TYPE_CHECKING:
        measure_id: Mapped[uuid.UUID | None]
        target_id: Mapped[uuid.UUID | None]


class Audit(Entry):
    """An audit of an information domain."""

    slug = "audits"
    prefix = "AD"
    area = Area.SECURITY
    title = Text("Audits", "Audits")
    one = Text("Audit", "Audit")
    due = ("planned_for", "next_follow_up")
    observes = True

    with section("general", "Grundangaben", "General"):
        domain: Mapped[InformationDomain | None] = reference(
            "InformationDomain",
            "Informationsverbund",
            "Information domain",
            help=Text("Was geprüft wird.", "What is audited."),
            basis=_AUDIT,
            expected=True,
            listed=True,
        )
        kind: Mapped[AuditKind | None] = choice(
            AuditKind,
            "Art des Audits",
            "Kind of audit",
            help=Text(
                "Danach richtet sich der Umfang der Stichprobe.", "The size of the sample depends on it."
            ),
            basis=_SCHEME,
            expected=True,
            listed=True,
        )
        scope: Mapped[str] = prose(
            "Prüfgegenstand",
            "Subject",
            help=Text(
                "Was anhand welcher Maßstäbe geprüft wird und was nicht.",
                "What is audited by which standards, and what is not.",
            ),
            basis=_AUDIT,
            expected=True,
        )
        auditors: Mapped[str] = line(
            "Prüfende",
            "Auditors",
            length=500,
            help=Text(
                "Namen und Stellen; wer prüft, verantwortet das Geprüfte nicht selbst.",
                "Names and organisations; whoever audits does not answer for what is audited.",
            ),
            basis=_AUDIT,
            expected=True,
            personal=True,
        )
        interviewees: Mapped[str] = prose(
            "Befragte Personen",
            "Interviewees",
            help=Text("Namen und Stellen.", "Names and posts."),
            basis=_AUDIT,
            more=True,
            personal=True,
        )

    with section("dates", "Termine", "Dates"):
        planned_for: Mapped[date | None] = day(
            "Geplant für",
            "Planned for",
            help=Text("Beginn der Prüfung vor Ort.", "Beginning on site."),
            basis=_AUDIT,
            expected=True,
            listed=True,
        )
        papers_on: Mapped[date | None] = day(
            "Referenzdokumente erzeugt am",
            "Reference documents issued on",
            help=Text(
                "Tag, an dem A.0 bis A.6 für dieses Audit ausgegeben wurden.",
                "Day on which A.0 to A.6 were issued for this audit.",
            ),
            basis=_SCHEME,
        )
        begun_on: Mapped[date | None] = day(
            "Begonnen am", "Begun on", help=Text("Erster Tag vor Ort.", "First day on site."), basis=_AUDIT
        )
        done_on: Mapped[date | None] = day(
            "Abgeschlossen am",
            "Completed on",
            help=Text("Tag des Prüfberichts.", "Day of the audit report."),
            basis=_AUDIT,
            listed=True,
        )

    with section("sample", "Stichprobe", "Sample"):
        sample_size: Mapped[int | None] = number(
            "Umfang der Stichprobe",
            "Size of the sample",
            unit=Text("Bausteine", "modules"),
            help=Text(
                "Leer: nach dem Auditierungsschema. Eine Vorgabe der Prüfenden geht vor.",
                "Empty: by the scheme. What the auditors ask for goes first.",
            ),
            basis=_SCHEME,
        )
        modules: Mapped[list[SampledModule]] = rows(
            SampledModule, "Bausteine der Stichprobe", "Modules of the sample", basis=_SCHEME, fixed=True
        )
        measures: Mapped[list[SampledMeasure]] = rows(
            SampledMeasure,
            "Maßnahmen der Stichprobe",
            "Measures of the sample",
            basis=_SCHEME,
            fixed=True,
        )

    with section("result", "Ergebnis", "Result"):
        conclusion: Mapped[str] = prose(
            "Gesamtergebnis",
            "Overall result",
            help=Text("Gesamteindruck in wenigen Sätzen.", "Overall impression in a few sentences."),
            basis=_AUDIT,
        )
        report_source: Mapped[str] = line(
            "Prüfbericht",
            "Audit report",
            length=500,
            help=Text("Aktenzeichen oder Ablage des Berichts.", "File number or folder of the report."),
            basis=_AUDIT,
        )
        findings: Mapped[list[AuditFinding]] = rows(
            AuditFinding,
            "Feststellungen des Audits",
            "Findings of the audit",
            help=Text("Jede mit Einstufung, Zuständigkeit und Frist.", "Each with grade, owner and term."),
            basis=_AUDIT,
        )
        open_findings: Mapped[int | None] = number(
            "Offene Abweichungen", "Open deviations", basis=_FOLLOW_UP, fixed=True, listed=True
        )
        next_follow_up: Mapped[date | None] = day(
            "Nächste Nachverfolgung", "Next follow-up", basis=_FOLLOW_UP, fixed=True
        )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID | None]

    def derive(self) -> None:
        waiting = [finding for finding in self.findings if finding.done_on is None]
        self.open_findings = sum(finding.grade is not Grade.RECOMMENDATION for finding in waiting)
        self.next_follow_up = min((finding.until for finding in waiting if finding.until), default=None)

    def met(self, name: str) -> bool:
        """The planned day is met once the audit has begun."""
        took_place = self.begun_on is not None or self.done_on is not None
        return (name == "planned_for" and took_place) or super().met(name)

    @property
    def drawn(self) -> list[SampledModule]:
        """The modules that are checked, without proposals that were dropped."""
        return [row for row in self.modules if row.checked is not False]
