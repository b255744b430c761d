"""The order in which a transfer to a third country is justified, as questions and an answer.

EEA, then adequacy (Art. 45), then safeguards (Art. 46), then derogations (Art. 49).
Only what the answers so far leave open is asked; everything is a function of the
answers, so that an address holds the whole course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from compliance.language import Text, day_words
from registers.countries import COUNTRIES, EEA, Adequacy, adequate
from registers.transfers import CLOSED_TO_PUBLIC_POWERS, SccModule, TiaResult, TransferBasis


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: str
    text: Text


@dataclass(frozen=True)
class Question:
    """What has to be known next."""

    name: str
    text: Text
    help: Text
    options: tuple[Option, ...]

    def chosen(self, value: str) -> Option | None:
        """The answer called *value*, if it can be chosen."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Outcome:
    """What the answers come to."""

    allowed: bool | None
    """``None`` while something has to be done before anybody can say."""
    says: Text
    ground: str
    """Legal ground in German citation form."""
    basis: TransferBasis | None = None
    """What to choose in the row of the recipient, place or further processor."""
    document: tuple[Text, ...] = ()
    """What has to be written down."""
    warnings: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Course:
    """The questions answered so far, and then the next one or the outcome."""

    answered: tuple[tuple[Question, Option], ...] = ()
    next: Question | None = None
    outcome: Outcome | None = None


@dataclass
class _Way:
    """Collects the answers as far as they go."""

    answers: Mapping[str, str]
    answered: list[tuple[Question, Option]] = field(default_factory=list)

    def ask(self, question: Question) -> str:
        """The answer given to *question*. Raises :class:`_Open` if there is none."""
        option = question.chosen(self.answers.get(question.name, ""))
        if option is None:
            raise _Open(question)
        self.answered.append((question, option))
        return option.value


class _Open(Exception):
    """A question that nobody has answered yet."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.name)
        self.question = question


def course(answers: Mapping[str, str], *, is_authority: bool, today: date) -> Course:
    """How far *answers* lead, for an authority or a company, under the decisions in force *today*."""
    way = _Way(answers)
    try:
        outcome = _outcome(way, is_authority=is_authority, today=today)
    except _Open as gap:
        return Course(tuple(way.answered), next=gap.question)
    return Course(tuple(way.answered), outcome=outcome)


def _outcome(way: _Way, *, is_authority: bool, today: date) -> Outcome:
    country = way.ask(_COUNTRY)
    if country in EEA:
        return _INSIDE
    decision = adequate(country, today)
    outcome = _by_adequacy(way, decision) if decision else None
    return outcome or _by_safeguards(way) or _by_derogation(way, is_authority=is_authority)


# --- Art. 45 -------------------------------------------------------------------------------------


def _by_adequacy(way: _Way, decision: Adequacy) -> Outcome | None:
    """The outcome under *decision*, or nothing where it does not cover the recipient."""
    if decision.certified_only:
        certified = way.ask(_CERTIFIED)
        if certified == "unknown":
            return _LOOK_UP
        if certified == "no":
            return None
        if way.ask(_COVERED) == "no":
            return None
    elif decision.scope and way.ask(_in_scope(decision.scope)) == "no":
        return None
    return _adequate(decision)


def _adequate(decision: Adequacy) -> Outcome:
    document = [_DOCUMENT_COUNTRY, _DOCUMENT_NOTICE]
    if decision.certified_only:
        document.insert(1, _DOCUMENT_CERTIFICATE)
    warnings = [decision.status] if decision.status else []
    if decision.valid_until:
        warnings = [_ENDS.format(day=day_words(decision.valid_until))]
    return Outcome(
        True,
        _ADEQUATE.format(decision=decision.decision),
        f"Art. 45 DSGVO, Beschluss {decision.decision}",
        TransferBasis.ADEQUACY,
        tuple(document),
        tuple(warnings),
    )


# --- Art. 46 -------------------------------------------------------------------------------------

_SAFEGUARDS: Final = (
    TransferBasis.LEGAL_INSTRUMENT,
    TransferBasis.BCR,
    TransferBasis.SCC,
    TransferBasis.SCC_BEFORE_2021,
    TransferBasis.SCC_AUTHORITY,
    TransferBasis.CODE_OF_CONDUCT,
    TransferBasis.CERTIFICATION,
    TransferBasis.AUTHORISED_CLAUSES,
    TransferBasis.AUTHORISED_ARRANGEMENT,
)
_TO_BE_AUTHORISED: Final = frozenset({TransferBasis.AUTHORISED_CLAUSES, TransferBasis.AUTHORISED_ARRANGEMENT})


def _by_safeguards(way: _Way) -> Outcome | None:
    chosen = way.ask(_SAFEGUARD)
    if chosen == "none":
        return None
    basis = TransferBasis[chosen]
    if basis is TransferBasis.SCC_BEFORE_2021:
        return _OLD_CLAUSES
    document = [_DOCUMENT_COUNTRY]
    if basis is TransferBasis.SCC:
        module = SccModule[way.ask(_MODULE)]
        document.append(_DOCUMENT_CLAUSES.format(module=module.text))
    else:
        document.append(_DOCUMENT_SAFEGUARD)
    if basis in _TO_BE_AUTHORISED:
        document.append(_DOCUMENT_AUTHORISATION)
    return _assessed(way.ask(_ASSESSED), basis, document)


def _assessed(result: str, basis: TransferBasis, document: list[Text]) -> Outcome:
    if result == "open":
        return _ASSESS_FIRST
    if result == TiaResult.NOT_EQUIVALENT.name:
        return _NOT_EQUIVALENT
    document.append(_DOCUMENT_ASSESSMENT)
    if result == TiaResult.WITH_MEASURES.name:
        document.append(_DOCUMENT_MEASURES)
    return Outcome(
        True,
        _SAFEGUARDED,
        f"{_article(basis)} DSGVO",
        basis,
        (*document, _DOCUMENT_NOTICE),
        (_WATCH_THE_LAW,),
    )


def _article(basis: TransferBasis) -> str:
    """The article that stands at the end of the German wording."""
    return f"Art. {basis.text.de.rpartition('Art. ')[2]}"


# --- Art. 49 -------------------------------------------------------------------------------------

_DEROGATIONS: Final = (
    TransferBasis.CONSENT,
    TransferBasis.CONTRACT,
    TransferBasis.CONTRACT_IN_INTEREST,
    TransferBasis.PUBLIC_INTEREST,
    TransferBasis.LEGAL_CLAIMS,
    TransferBasis.VITAL_INTERESTS,
    TransferBasis.PUBLIC_REGISTER,
    TransferBasis.COMPELLING_INTERESTS,
)


def _by_derogation(way: _Way, *, is_authority: bool) -> Outcome:
    sovereign = is_authority and way.ask(_PUBLIC_POWERS) == "yes"
    open_ones = [one for one in _DEROGATIONS if not (sovereign and one in CLOSED_TO_PUBLIC_POWERS)]
    chosen = way.ask(_derogation(open_ones, sovereign=sovereign))
    closed = (_CLOSED,) if sovereign else ()
    if chosen == "none":
        return Outcome(False, _FORBIDDEN, "Art. 44 DSGVO", warnings=closed)
    basis = TransferBasis[chosen]
    document = [_DOCUMENT_COUNTRY, _DOCUMENT_DEROGATION, _DOCUMENT_NOTICE]
    if basis is TransferBasis.COMPELLING_INTERESTS:
        document.append(_DOCUMENT_COMPELLING)
    ground = f"{_article(basis)}, Abs. 6 DSGVO"
    return Outcome(True, _EXCEPTIONAL, ground, basis, tuple(document), (_NARROW, *closed))


# --- Questions -----------------------------------------------------------------------------------

_YES: Final = Option("yes", Text("Ja", "Yes"))
_NO: Final = Option("no", Text("Nein", "No"))


def _words(bases: Iterable[TransferBasis | SccModule | TiaResult]) -> tuple[Option, ...]:
    return tuple(Option(one.name, one.text) for one in bases)


_COUNTRY: Final = Question(
    "country",
    Text("Wo kommen die Daten an?", "Where do the data arrive?"),
    Text(
        "Das Land, in dem sie gespeichert werden oder aus dem jemand darauf zugreifen kann; auch Fernwartung "
        "zählt.",
        "The country where they are stored or from which somebody can reach them; remote maintenance counts "
        "too.",
    ),
    tuple(Option(code.name, code.text) for code in COUNTRIES),
)
_CERTIFIED: Final = Question(
    "certified",
    Text(
        "Steht das Unternehmen mit gültiger Zertifizierung in der Liste des Data Privacy Framework?",
        "Is the company in the Data Privacy Framework list with a valid certification?",
    ),
    Text(
        "Maßgeblich ist genau das Unternehmen, das die Daten erhält, und bis wann es gelistet ist.",
        "What counts is exactly the company that receives the data, and the day until which it is listed.",
    ),
    (_YES, _NO, Option("unknown", Text("Noch nicht nachgesehen", "Not looked up yet"))),
)
_COVERED: Final = Question(
    "covered",
    Text("Umfasst die Zertifizierung diese Daten?", "Does the certification cover these data?"),
    Text(
        "Für Daten von Beschäftigten muss in der Liste „HR Data“ stehen.",
        "For data of staff, the list must say “HR Data”.",
    ),
    (_YES, _NO),
)


def _in_scope(scope: Text) -> Question:
    return Question(
        "in_scope",
        Text("Fällt der Empfänger unter den Beschluss?", "Does the decision cover the recipient?"),
        Text("Er umfasst {scope}.", "It covers {scope}.").format(scope=scope),
        (_YES, _NO),
    )


_SAFEGUARD: Final = Question(
    "safeguard",
    Text(
        "Welche geeigneten Garantien bestehen oder lassen sich vereinbaren?",
        "Which appropriate safeguards exist or can be agreed?",
    ),
    Text(
        "Ohne Angemessenheitsbeschluss sind Garantien der Regelfall, meist die Standarddatenschutzklauseln.",
        "Without an adequacy decision, safeguards are the rule, mostly the standard contractual clauses.",
    ),
    (*_words(_SAFEGUARDS), Option("none", Text("Keine davon", "None of these"))),
)
_MODULE: Final = Question(
    "module",
    Text("Wer übermittelt an wen?", "Who transfers to whom?"),
    Text("Davon hängt das Modul der Klauseln ab.", "The module of the clauses depends on it."),
    _words(SccModule),
)
_ASSESSED: Final = Question(
    "assessed",
    Text(
        "Was hat die Bewertung von Recht und Praxis des Ziellandes ergeben?",
        "What did the assessment of law and practice of the country come to?",
    ),
    Text(
        "Transfer-Folgenabschätzung: Können dortige Behörden auf die Daten zugreifen, ohne dass Betroffene "
        "sich wehren können?",
        "Transfer impact assessment: can the authorities there reach the data while data subjects have no "
        "remedy?",
    ),
    (*_words(TiaResult), Option("open", Text("Noch nicht bewertet", "Not assessed yet"))),
)
_PUBLIC_POWERS: Final = Question(
    "public_powers",
    Text(
        "Wird die Stelle hier in Ausübung hoheitlicher Befugnisse tätig?",
        "Does the authority exercise public powers here?",
    ),
    Text(
        "Im Zweifel „ja“. Dann bleiben die Ausnahmen nach Buchstaben d bis g.",
        "If in doubt, “yes”. The derogations of letters (d) to (g) then remain.",
    ),
    (_YES, _NO),
)


def _derogation(bases: Iterable[TransferBasis], *, sovereign: bool) -> Question:
    return Question(
        "derogation",
        Text("Greift eine Ausnahme für diesen Fall?", "Does a derogation apply to this case?"),
        _CLOSED if sovereign else _NARROW,
        (*_words(bases), Option("none", Text("Keine davon", "None of these"))),
    )


# --- Answers -------------------------------------------------------------------------------------

_DOCUMENT_COUNTRY: Final = Text(
    "Empfänger und Land in der Verarbeitungstätigkeit oder beim Auftragsverarbeiter, mit dieser Grundlage.",
    "Recipient and country in the processing activity or with the processor, with this basis.",
)
_DOCUMENT_NOTICE: Final = Text(
    "Übermittlung und Grundlage in den Datenschutzhinweisen (Art. 13 Abs. 1 lit. f, Art. 14 Abs. 1 lit. f "
    "DSGVO).",
    "Transfer and basis in the privacy notice (Art. 13 (1) (f), Art. 14 (1) (f) GDPR).",
)
_DOCUMENT_CERTIFICATE: Final = Text(
    "Name des Unternehmens wie in der Liste, Tag der Einsicht, Ende der Gültigkeit und ob „HR Data“ umfasst "
    "sind; jedes Jahr neu nachsehen.",
    "Name of the company as in the list, day of the look-up, end of validity and whether “HR Data” are "
    "covered; look it up again every year.",
)
_DOCUMENT_CLAUSES: Final = Text(
    "Die unterzeichneten Klauseln mit Datum und ausgefüllten Anhängen. {module}.",
    "The signed clauses with date and completed annexes. {module}.",
)
_DOCUMENT_SAFEGUARD: Final = Text(
    "Fundstelle und Datum der Garantie und dass betroffene Personen durchsetzbare Rechte haben.",
    "Reference and date of the safeguard, and that data subjects have enforceable rights.",
)
_DOCUMENT_AUTHORISATION: Final = Text(
    "Die Genehmigung der Datenschutzaufsicht (Art. 46 Abs. 3 DSGVO).",
    "The authorisation of the data protection authority (Art. 46 (3) GDPR).",
)
_DOCUMENT_ASSESSMENT: Final = Text(
    "Die Bewertung von Recht und Praxis des Ziellandes mit Datum und Ergebnis.",
    "The assessment of law and practice of the country with date and result.",
)
_DOCUMENT_MEASURES: Final = Text(
    "Die zusätzlichen Maßnahmen und seit wann sie wirken (EDSA-Empfehlungen 01/2020).",
    "The supplementary measures and since when they are effective (EDPB Recommendations 01/2020).",
)
_DOCUMENT_DEROGATION: Final = Text(
    "Die Beurteilung, warum die Ausnahme greift, und die vorgesehenen Garantien (Art. 49 Abs. 6, Art. 30 "
    "Abs. 1 lit. e DSGVO).",
    "The assessment why the derogation applies, and the safeguards provided (Art. 49 (6), Art. 30 (1) (e) "
    "GDPR).",
)
_DOCUMENT_COMPELLING: Final = Text(
    "Die Unterrichtung der Datenschutzaufsicht und der betroffenen Personen.",
    "That the data protection authority and the data subjects were informed.",
)
_INSIDE: Final = Outcome(
    True,
    Text(
        "Das Land gehört zum Europäischen Wirtschaftsraum: keine Übermittlung in ein Drittland.",
        "The country belongs to the European Economic Area: no transfer to a third country.",
    ),
    "Art. 44 DSGVO",
    document=(Text("Das Land beim Empfänger.", "The country with the recipient."),),
    warnings=(
        Text(
            "Wartung oder eine Konzernmutter außerhalb des Europäischen Wirtschaftsraums können dennoch "
            "Zugriff eröffnen.",
            "Maintenance or a parent company outside the European Economic Area may still open access.",
        ),
    ),
)
_ADEQUATE: Final = Text(
    "Zulässig: Für den Empfänger gilt ein Angemessenheitsbeschluss ({decision}).",
    "Permitted: an adequacy decision covers the recipient ({decision}).",
)
_ENDS: Final = Text(
    "Der Beschluss gilt bis zum {day}; rechtzeitig davor neu prüfen.",
    "The decision holds until {day}; check again in good time.",
)
_LOOK_UP: Final = Outcome(
    None,
    Text(
        "Zuerst in der Liste nachsehen: Ohne gültige Zertifizierung trägt der Beschluss nicht.",
        "Look it up in the list first: without a valid certification the decision does not apply.",
    ),
    "Art. 45 DSGVO, Beschluss (EU) 2023/1795",
    document=(_DOCUMENT_CERTIFICATE,),
)
_OLD_CLAUSES: Final = Outcome(
    False,
    Text(
        "Unzulässig: Klauseln von 2010 oder früher gelten nicht mehr. Die Klauseln von 2021 vereinbaren.",
        "Not permitted: clauses of 2010 or earlier are no longer valid. Agree the clauses of 2021.",
    ),
    "Art. 46 Abs. 2 lit. c DSGVO, Beschluss (EU) 2021/914",
)
_ASSESS_FIRST: Final = Outcome(
    None,
    Text(
        "Zuerst Recht und Praxis des Ziellandes bewerten; bis dahin nichts übermitteln.",
        "Assess law and practice of the country first; transfer nothing until then.",
    ),
    "Art. 46 DSGVO, Klausel 14 der Standarddatenschutzklauseln",
    document=(_DOCUMENT_ASSESSMENT,),
)
_NOT_EQUIVALENT: Final = Outcome(
    False,
    Text(
        "Unzulässig: Die Garantien erreichen im Zielland keinen gleichwertigen Schutz. Die Übermittlung "
        "unterlassen oder aussetzen.",
        "Not permitted: the safeguards do not reach equivalent protection in the country. Refrain from the "
        "transfer or suspend it.",
    ),
    "Art. 44, 46 DSGVO, Klausel 14 der Standarddatenschutzklauseln",
    document=(_DOCUMENT_ASSESSMENT,),
)
_SAFEGUARDED: Final = Text(
    "Zulässig: Geeignete Garantien sichern ein gleichwertiges Schutzniveau.",
    "Permitted: appropriate safeguards ensure an equivalent level of protection.",
)
_WATCH_THE_LAW: Final = Text(
    "Ändern sich Recht oder Praxis des Ziellandes, ist neu zu bewerten.",
    "If law or practice of the country changes, assess again.",
)
_EXCEPTIONAL: Final = Text(
    "Nur in diesem Einzelfall zulässig: Eine Ausnahme greift.",
    "Permitted in this single case only: a derogation applies.",
)
_FORBIDDEN: Final = Text(
    "Unzulässig: Weder Beschluss noch Garantien noch eine Ausnahme tragen die Übermittlung.",
    "Not permitted: neither a decision nor safeguards nor a derogation supports the transfer.",
)
_NARROW: Final = Text(
    "Ausnahmen sind eng auszulegen und tragen keine dauernde oder massenhafte Übermittlung.",
    "Derogations are interpreted narrowly and support no permanent or mass transfer.",
)
_CLOSED: Final = Text(
    "Einwilligung, Verträge und zwingende berechtigte Interessen stehen Behörden in Ausübung hoheitlicher "
    "Befugnisse nicht offen (Art. 49 Abs. 3 DSGVO).",
    "Consent, contracts and compelling legitimate interests are not open to authorities exercising public "
    "powers (Art. 49 (3) GDPR).",
)
