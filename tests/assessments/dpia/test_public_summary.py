"""What an impact assessment says in public is proposed from kinds, and holds nothing else."""

from __future__ import annotations

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade
from assessments.dpia.public_proposal import proposed_summary
from assessments.dpia.public_summary import extract_of
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, ProtectionGoal
from assessments.dpia.threshold import ThresholdAnalysis
from registers.authority import Authority
from registers.processing import ProcessingActivity, Purpose, Subjects
from tests.web.test_public import marked
from tests.web.test_public_assessments import PUBLIC


def test_what_is_written_is_proposed_from_kinds_and_never_from_titles() -> None:
    dpia = Dpia(
        name="Videoschutz",
        decision=DpiaDecision.APPROVED,
        risks=[
            DpiaRisk(
                key="R1",
                title="Werkskennwort der Kamera 1234",
                event="Jemand rät das Kennwort.",
                goals=(ProtectionGoal.CONFIDENTIALITY, ProtectionGoal.TRANSPARENCY),
                severity_before=Grade.SUBSTANTIAL,
                likelihood_before=Grade.SUBSTANTIAL,
                severity_planned=Grade.SUBSTANTIAL,
                likelihood_planned=Grade.NEGLIGIBLE,
            )
        ],
        measures=[DpiaMeasure(title="Neues Kennwort", risks="R1")],
    )
    activity = ProcessingActivity(
        purposes=[Purpose(text="Schutz der Fahrgäste")], subjects=(Subjects.CHILDREN, Subjects.VISITORS)
    )
    analysis = ThresholdAnalysis(name="Videoschutz", personal_data=True, public_monitoring=True)

    assert proposed_summary(dpia, [activity], [analysis]) == {
        "public_project": (
            "Es geht um: Videoschutz.\n\nDazu werden personenbezogene Daten verarbeitet:\n"
            "– Schutz der Fahrgäste\n\nBetroffen sind: "
            f"{Subjects.CHILDREN.text.de}, {Subjects.VISITORS.text.de}."
        ),
        "public_reason": (
            "Bevor personenbezogene Daten auf eine Weise verarbeitet werden, die für Menschen ein hohes "
            "Risiko bedeuten kann, muss das Risiko geprüft und gesenkt werden (Art. 35 DSGVO). Hier sprechen "
            "dafür:\n– Fall des Art. 35 Abs. 3: Systematische umfangreiche Überwachung öffentlich "
            "zugänglicher Bereiche."
        ),
        "public_risks": (
            "Geprüft wurde, was Menschen geschehen kann, zum Beispiel:\n"
            "– Jemand erfährt etwas, das nicht für ihn bestimmt ist.\n"
            "– Menschen wissen nicht, was mit ihren Daten geschieht.\n\n"
            "Ohne Schutzmaßnahmen: hohes Risiko. Mit den vorgesehenen Schutzmaßnahmen: Risiko."
        ),
        "public_protection": (
            "Die Schutzmaßnahmen sorgen dafür,\n– dass nur Berechtigte die Daten sehen,\n"
            "– dass verständlich informiert wird."
        ),
    }


def test_a_rejected_project_is_said_not_to_go_ahead() -> None:
    proposed = proposed_summary(Dpia(name="Ortung", decision=DpiaDecision.REJECTED), [], [])

    assert proposed["public_protection"].endswith("es werden dafür keine Daten verarbeitet.")
    assert proposed["public_risks"] == ""


def test_the_stored_extract_holds_the_published_texts_and_nothing_else() -> None:
    marks: dict[str, tuple[str, str]] = {}
    dpia, sheet = marked(Dpia(), marks), marked(Authority(), marks)

    extract = extract_of(dpia, sheet)

    assert {marks[mark] for mark in marks if mark in str(extract)} == PUBLIC
    assert set(extract) == {"name", "texts", "decision", "decided_on", "next_review", "officer"}
