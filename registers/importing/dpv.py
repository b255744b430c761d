"""Reads records of processing written in RDF (Turtle) with the W3C Data Privacy Vocabulary (DPV) and DPCat.

The vocabulary has moved house several times; its terms are known by their names,
whatever the address before them. What has no counterpart here stays as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import Refused
from compliance.fields import Term, TimeUnit, fields, tidy_line
from compliance.language import Text
from registers.importing.tables import Cell, Parts, Row, Table
from registers.processing import LegalBasis, ProcessingActivity, RecipientKind, Subjects

if TYPE_CHECKING:
    from rdflib import Graph

_LARGEST: Final = 5 * 1024 * 1024
_BASE: Final = "https://import.invalid/"
_ENDINGS: Final = (".ttl", ".turtle", ".n3")
_BEGINS: Final = re.compile(rb"(?:\s|#[^\n]*\n)*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)


def is_turtle(content: bytes, name: str) -> bool:
    """Whether the file is written in Turtle, by its name or by how it begins."""
    return name.lower().endswith(_ENDINGS) or _BEGINS.match(content.removeprefix(b"\xef\xbb\xbf")) is not None


def read(content: bytes, name: str) -> Table:
    """The records of processing in the Turtle file *name*, one to a row.

    Raises :class:`Refused`, naming the line, for what is no Turtle, and for a file
    without a record.
    """
    if len(content) > _LARGEST:
        raise Refused(_TOO_LARGE.format(file=name, limit=_LARGEST // 1024 // 1024))
    records = _Records(_parsed(content, name), content)
    rows = tuple(records.rows())
    if not rows:
        raise Refused(_NO_RECORDS.format(file=name))
    return Table(name, HEADERS, rows)


def _parsed(content: bytes, name: str) -> Graph:
    # Loaded only here, because nothing else needs it and it is large.
    from rdflib import Graph  # noqa: PLC0415
    from rdflib.plugins.parsers.notation3 import BadSyntax  # noqa: PLC0415

    graph = Graph()
    try:
        graph.parse(
            data=content.removeprefix(b"\xef\xbb\xbf"), format="turtle", publicID="https://import.invalid/"
        )
    except BadSyntax as error:
        why = re.search(r"Bad syntax \((.*?)\) at \^", str(error), re.DOTALL)
        reason = tidy_line(why[1] if why else "")[:200]
        # At the end of the file, the parser counts lines that are not there.
        line = min(int(error.lines), content.rstrip().count(b"\n")) + 1
        raise Refused(_BROKEN.format(file=name, line=line, reason=reason)) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused(_NOT_UTF_8.format(file=name, line=line)) from error
    except Exception as error:  # a broken file fails in every way that there is
        raise Refused(_UNREADABLE.format(file=name, reason=tidy_line(str(error))[:200])) from error
    return graph


# --- Terms ---------------------------------------------------------------------------------------

_VOCABULARY: Final = re.compile(r"https?://(?:w3id\.org/dpv|www\.w3\.org/ns/dpv)[\w/.-]*#([\w-]+)")
"""Every address the terms ever had: dpv, dpv-skos, dpv-owl, dpv-gdpr, dpv-pd, legal/eu/gdpr, pd."""
_TITLES: Final = ("prefLabel", "hasName", "title", "label", "name")
_NOTES: Final = ("editorialNote", "note", "comment")
_BROADER: Final = frozenset({"broaderTransitive", "broader", "type", "subClassOf", "isSubTypeOf"})

_SUBJECTS: Final[Mapping[str, Subjects]] = {
    "Employee": Subjects.STAFF, "JobApplicant": Subjects.JOB_APPLICANTS, "Applicant": Subjects.APPLICANTS,
    "Child": Subjects.CHILDREN, "Student": Subjects.PUPILS, "ParentOfDataSubject": Subjects.PARENTS,
    "GuardianOfDataSubject": Subjects.PARENTS, "ParentLegalGuardianOfDataSubject": Subjects.PARENTS,
    "Patient": Subjects.PATIENTS, "AsylumSeeker": Subjects.REFUGEES, "User": Subjects.USERS,
    "Visitor": Subjects.VISITORS, "Citizen": Subjects.RESIDENTS,
}  # fmt: skip
_LEGAL_BASES: Final[Mapping[str, LegalBasis]] = {
    "Consent": LegalBasis.CONSENT, "InformedConsent": LegalBasis.CONSENT,
    "ExplicitlyExpressedConsent": LegalBasis.CONSENT, "Contract": LegalBasis.CONTRACT,
    "ContractPerformance": LegalBasis.CONTRACT, "EnterIntoContract": LegalBasis.CONTRACT,
    "LegalObligation": LegalBasis.LEGAL_OBLIGATION, "VitalInterest": LegalBasis.VITAL_INTERESTS,
    "VitalInterestOfDataSubject": LegalBasis.VITAL_INTERESTS,
    "VitalInterestOfNaturalPerson": LegalBasis.VITAL_INTERESTS, "PublicInterest": LegalBasis.PUBLIC_TASK,
    "OfficialAuthorityOfController": LegalBasis.PUBLIC_TASK,
    "LegitimateInterest": LegalBasis.LEGITIMATE_INTERESTS,
    "LegitimateInterestOfController": LegalBasis.LEGITIMATE_INTERESTS,
    "LegitimateInterestOfThirdParty": LegalBasis.LEGITIMATE_INTERESTS,
}  # fmt: skip
_BY_LETTER: Final = dict(zip("abcdef", LegalBasis, strict=True))
"""Art. 6 (1) (a) to (f), as DPV-GDPR numbers them: ``A6-1-c``."""
_RECIPIENTS: Final[Mapping[str, RecipientKind]] = {
    "OrganisationalUnit": RecipientKind.INTERNAL, "Authority": RecipientKind.AUTHORITY,
    "DataProtectionAuthority": RecipientKind.AUTHORITY, "NationalAuthority": RecipientKind.AUTHORITY,
    "RegionalAuthority": RecipientKind.AUTHORITY, "SupraNationalAuthority": RecipientKind.AUTHORITY,
    "GovernmentalOrganisation": RecipientKind.AUTHORITY, "ForProfitOrganisation": RecipientKind.COMPANY,
}  # fmt: skip
_SPECIAL: Final = re.compile(
    r"Health|Ethnic|Racial|^Race|Religi|Politic|TradeUnion|Biometric|Genetic|Sexual|^SpecialCategory|Disabilit"
)
_CRIMINAL: Final = re.compile(r"^Criminal")
_UNITS: Final = {
    "unityear": TimeUnit.Y,
    "unitmonth": TimeUnit.M,
    "unitweek": TimeUnit.W,
    "unitday": TimeUnit.D,
}
_DURATION: Final = re.compile(r"P([0-9]{1,5})([YMWD])")

_COLUMNS: Final = (
    "name", "unit", "description", "contact", "purposes", "subjects", "data", "recipients", "processors",
    "joint_controllerships", "objects", "measures", "notes",
)  # fmt: skip
HEADERS: Final = tuple(fields(ProcessingActivity)[name].label.de for name in _COLUMNS)
"""What the columns are called: by the labels of their fields, so that they match by themselves."""


class _Records:
    """The records of one file."""

    def __init__(self, graph: Graph, content: bytes) -> None:
        self._graph = graph
        self._lines = content.decode("utf-8", "replace").splitlines()
        self._said: dict[Any, dict[str, list[Any]]] = {}
        for subject, predicate, value in graph:
            self._said.setdefault(subject, {}).setdefault(_local(predicate), []).append(value)

    def rows(self) -> Iterator[Row]:
        """A row for each record, with the line at which it begins."""
        records = [node for node in self._said if "ROPARecord" in map(_local, self._all(node, "type"))]
        placed = sorted((self._line_of(node), str(node), node) for node in records)
        for line, _address, node in placed:
            cells = self._cells(node)
            yield Row(line, tuple(cells[name] for name in _COLUMNS))

    def _line_of(self, node: Any) -> int:
        name = str(node).rpartition("#")[2] or str(node).rpartition("/")[2]
        begins = re.compile(rf"\s*(?:[\w-]*:{re.escape(name)}|<[^>]*{re.escape(name)}>)\s+a\s")
        found = (number for number, line in enumerate(self._lines, start=1) if begins.match(line))
        return next(found, 1)

    def _cells(self, node: Any) -> Mapping[str, Cell]:
        """What the record *node* says, by field."""
        return {
            "name": self._label(node),
            "unit": "; ".join(self._labels(node, "hasResponsibleEntity")),
            "description": "\n".join(
                text for text in self._texts(node, "description") if text != self._label(node)
            ),
            "contact": self._contact(node),
            "purposes": Parts(tuple(self._purposes(node))),
            "subjects": "\n".join(dict.fromkeys(self._subjects(node))),
            "data": Parts(tuple(self._data(node))),
            "recipients": Parts(tuple(self._recipients(node))),
            "processors": "\n".join(self._labels(node, "hasDataProcessor")),
            "joint_controllerships": "\n".join(self._labels(node, "hasJointDataControllers")),
            "objects": "\n".join(self._labels(node, "isImplementedUsingTechnology")),
            "measures": "\n".join(self._measures(node)),
            "notes": "\n".join(self._notes(node)),
        }

    # --- What a record says ----------------------------------------------------------------------

    def _contact(self, node: Any) -> str:
        for point in (*self._all(node, "contactPoint"), *self._all(node, "hasResponsibleEntity")):
            if found := self._texts(point, "hasContact"):
                return tidy_line(f"{self._label(point)}, {found[0]}")[:200]
        return ""

    def _purposes(self, node: Any) -> Iterator[dict[str, str]]:
        bases = [self._legal_basis(each) for each in self._all(node, "hasLegalBasis")]
        for purpose in self._all(node, "hasPurpose"):
            text = "\n".join(dict.fromkeys((self._label(purpose), *self._texts(purpose, "description"))))
            # Several bases for one purpose are several rows: each purpose rests on one.
            for basis in bases or [{}]:
                yield {"text": text} | basis

    def _legal_basis(self, node: Any) -> dict[str, str]:
        label = self._label(node)
        found = self._legal_term(node)
        if found is None:
            # Words that are no legal basis move into the norm, and are reported.
            return {"legal_basis": label}
        is_own = _vocabulary(node) is None
        return {"legal_basis": found.text.de} | ({"norm": label} if is_own else {})

    def _legal_term(self, node: Any) -> LegalBasis | None:
        for name in self._terms(node):
            if name in _LEGAL_BASES:
                return _LEGAL_BASES[name]
            if letter := re.match(r"A6-1-([a-f])", name):
                return _BY_LETTER[letter[1]]
        return None

    def _data(self, node: Any) -> Iterator[dict[str, str]]:
        periods = [
            (self._all(period, "hasPersonalData"), self._period(period))
            for condition in (*self._all(node, "hasStorage"), *self._all(node, "hasStorageCondition"))
            for period in self._all(condition, "hasDuration")
        ]
        wanted = dict.fromkeys(self._all(node, "hasPersonalData"))
        wanted |= dict.fromkeys(each for named, _period in periods for each in named)
        for category in wanted:
            own = [period for named, period in periods if not named or category in named]
            for period in own or [{}]:
                yield {"text": self._label(category)} | self._nature(category) | period

    def _nature(self, node: Any) -> dict[str, str]:
        names = list(self._terms(node))
        found = {}
        if any(map(_SPECIAL.search, names)):
            found["special"] = "ja"
        if any(map(_CRIMINAL.search, names)):
            found["criminal"] = "ja"
        return found

    def _period(self, node: Any) -> dict[str, str]:
        event = "; ".join(self._label(each) for each in self._all(node, "isAfter"))
        if literal := _DURATION.fullmatch(str(node)):
            return {"period": f"{literal[1]} {TimeUnit[literal[2]].text.de}"}
        count = next(iter(self._all(node, "numericDuration")), None)
        unit = next((_UNITS.get(_local(each).lower()) for each in self._all(node, "unitType")), None)
        if count is None or unit is None or (whole := _whole(str(count))) is None:
            said = " ".join(filter(None, (str(count) if count is not None else "", event)))
            return {"criteria": said} if said else {}
        return {"period": f"{whole} {unit.text.de}"} | ({"start_event": event} if event else {})

    def _subjects(self, node: Any) -> Iterator[str]:
        return (self._word(each, _SUBJECTS) for each in self._all(node, "hasDataSubject"))

    def _recipients(self, node: Any) -> Iterator[dict[str, str]]:
        for each in self._all(node, "hasRecipient"):
            kinds = (_RECIPIENTS[name] for name in self._terms(each) if name in _RECIPIENTS)
            kind = next(kinds, None)
            yield {"text": self._label(each)} | ({"kind": kind.text.de} if kind else {})

    def _measures(self, node: Any) -> Iterator[str]:
        for name in ("hasTechnicalOrganisationalMeasure", "hasTechnicalMeasure", "hasOrganisationalMeasure"):
            for measure in self._all(node, name):
                notes = [text for key in _NOTES for text in self._texts(measure, key)]
                yield ": ".join((self._label(measure), *notes[:1]))

    def _notes(self, node: Any) -> Iterator[str]:
        yield from (text for key in _NOTES for text in self._texts(node, key))
        for condition in (*self._all(node, "hasStorage"), *self._all(node, "hasStorageCondition")):
            yield from (
                _STORAGE.format(text=text).de for key in _NOTES for text in self._texts(condition, key)
            )
        sources = self._labels(node, "hasDataSource")
        if sources:
            yield _SOURCES.format(text="; ".join(sources)).de

    # --- Nodes -----------------------------------------------------------------------------------

    def _all(self, node: Any, name: str) -> list[Any]:
        """Everything that *node* has under the predicate *name*, in an order that never changes."""
        return sorted(self._said.get(node, {}).get(name, ()), key=lambda each: (self._label(each), str(each)))

    def _labels(self, node: Any, name: str) -> list[str]:
        return list(dict.fromkeys(self._label(each) for each in self._all(node, name)))

    def _texts(self, node: Any, name: str) -> list[str]:
        """The literals under *name*, German ones alone if there are any."""
        found = sorted(self._said.get(node, {}).get(name, ()), key=str)
        german = [each for each in found if getattr(each, "language", None) == "de"]
        return [text for each in german or found if (text := tidy_line(str(each)))]

    def _label(self, node: Any) -> str:
        """What *node* is called: by its title, or by the last part of its address in separate words."""
        for key in _TITLES:
            if found := self._texts(node, key):
                return found[0]
        if _is_literal(node):
            return tidy_line(str(node))
        if _is_nameless(node):
            inner = (*self._said.get(node, {}).get("hasResponsibleEntity", ()),)
            return "; ".join(self._label(each) for each in inner)
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _local(node)).replace("_", " ")

    def _word(self, node: Any, words: Mapping[str, Term]) -> str:
        """The wording of the word that *node* stands for, or its own label."""
        found = (words[name].text.de for name in self._terms(node) if name in words)
        return next(found, None) or self._label(node)

    def _terms(self, node: Any) -> Iterator[str]:
        """Names of the terms of the vocabulary that *node* is or belongs to, the nearest first."""
        seen = {node}
        level = [node]
        while level:
            yield from (name for each in level if (name := _vocabulary(each)) is not None)
            above = {up for each in level for key in _BROADER for up in self._said.get(each, {}).get(key, ())}
            level = sorted(above - seen, key=str)
            seen |= above


def _local(node: Any) -> str:
    """The last part of an address."""
    return re.split(r"[#/]", str(node))[-1]


def _vocabulary(node: Any) -> str | None:
    found = _VOCABULARY.fullmatch(str(node))
    return found[1] if found else None


def _is_literal(node: Any) -> bool:
    return hasattr(node, "datatype")


def _is_nameless(node: Any) -> bool:
    return type(node).__name__ == "BNode"


def _whole(text: str) -> int | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() and 0 <= number <= 99_999 else None


_STORAGE: Final = Text("Aufbewahrung: {text}", "Storage: {text}")
_SOURCES: Final = Text("Herkunft der Daten: {text}", "Source of the data: {text}")
_TOO_LARGE: Final = Text(
    "Die Datei „{file}“ ist zu groß; höchstens {limit} MB Turtle lassen sich einlesen.",
    "The file “{file}” is too large; at most {limit} MB of Turtle can be read.",
)
_BROKEN: Final = Text(
    "Die Datei „{file}“ ist kein gültiges Turtle: Zeile {line}: {reason}",
    "The file “{file}” is not valid Turtle: line {line}: {reason}",
)
_NOT_UTF_8: Final = Text(
    "Die Datei „{file}“ ist nicht in UTF-8 geschrieben: Zeile {line}.",
    "The file “{file}” is not written in UTF-8: line {line}.",
)
_UNREADABLE: Final = Text(
    "Die Datei „{file}“ lässt sich nicht als Turtle lesen: {reason}",
    "The file “{file}” cannot be read as Turtle: {reason}",
)
_NO_RECORDS: Final = Text(
    "In der Datei „{file}“ steht kein Verzeichniseintrag (dpcat:ROPARecord).",
    "There is no record of processing (dpcat:ROPARecord) in the file “{file}”.",
)
