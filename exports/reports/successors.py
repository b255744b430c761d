"""The work list from Edition 2023 to another catalogue as a table for spreadsheets and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.grundschutz.check import Status
from assessments.grundschutz.controls import CatalogueUse
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.mapping_library import ControlMapping
from assessments.grundschutz.successors import Line, WorkList
from assessments.grundschutz.taking_over import Confidence, Standing
from compliance.language import Text, shown_number
from exports.document import Block, Cell, Column, Document, Facts, Grid, Heading
from exports.reports.register import Issuer


def report(
    use: CatalogueUse, header: ControlMapping, found: WorkList, lines: Sequence[Line], issuer: Issuer
) -> Document:
    """*lines* of the work list *found*; *use* is loaded whole."""
    language = issuer.language
    return Document(
        title=f"{_TITLE[language]}: {use.domain.designation} {use.domain.name}",
        organisation=issuer.organisation,
        created=issuer.created,
        language=language,
        landscape=True,
        blocks=tuple(_blocks(use, header, found, lines, language)),
    )


def _blocks(
    use: CatalogueUse, header: ControlMapping, found: WorkList, lines: Sequence[Line], language: str
) -> Iterator[Block]:
    yield Facts(
        (
            (_CATALOGUE[language], use.catalogue_name),
            (_MAPPING[language], str(header)),
            (_ANSWERED[language], shown_number(found.answered, language)),
            (_UNMAPPED[language], shown_number(len(found.unmapped), language)),
            *(
                (standing.text[language], shown_number(found.count(standing), language))
                for standing in Standing
            ),
        ),
        _SUMMARY[language],
    )
    yield Heading(_LIST[language])
    yield Grid(
        _columns(language),
        [_row(line, language) for line in lines],
        caption=_LIST[language],
        sheet=_SHEET[language],
    )
    if found.unmapped:
        yield Heading(_NO_MAPPING[language])
        yield Grid(
            (
                Column(_REQUIREMENT[language], 1, sample="OPS.1.1.2.A10"),
                Column(_REQUIREMENT_TITLE[language], 4),
            ),
            [(each.id, each.title) for each in map(edition_2023().requirement, found.unmapped)],
            caption=_NO_MAPPING[language],
            sheet=_NO_MAPPING[language],
        )


def _columns(language: str) -> tuple[Column, ...]:
    statuses = tuple(status.text[language] for status in Status)
    return (
        Column(_REQUIREMENT[language], 1.2, sample="OPS.1.1.2.A10"),
        Column(_REQUIREMENT_TITLE[language], 2.4),
        Column(_SAID[language], 0.9, choices=statuses),
        Column(_ON[language], 0.9, sample="23.11.2026"),
        Column(_PLACES[language], 0.7, help=_PLACES_HELP[language], on_paper=False),
        Column(_PARTS[language], 0.8, on_paper=False),
        Column(_RELATION[language], 1.3, help=_RELATION_HELP[language]),
        Column(_CONTROL[language], 1.1, sample="KONF.11.2.1"),
        Column(_CONTROL_TITLE[language], 2.2),
        Column(_PROPOSAL[language], 0.9, choices=statuses),
        Column(
            _CONFIDENCE[language],
            0.8,
            help=_CONFIDENCE_HELP[language],
            choices=tuple(each.text[language] for each in Confidence),
        ),
        Column(_STANDING[language], 1.1, choices=tuple(each.text[language] for each in Standing)),
        Column(_CURRENT[language], 0.9, choices=statuses, on_paper=False),
        Column(_TAKEN_ON[language], 0.9, on_paper=False),
        Column(_KEY[language], 2, on_paper=False),
    )


def _row(line: Line, language: str) -> tuple[Cell, ...]:
    source, target = line.source, line.target
    proposal = target.proposal
    return (
        source.requirement.id,
        source.requirement.title,
        source.said.status.text[language],
        source.said.on,
        _OF[language].format(answered=source.said.answered, places=source.said.places),
        source.parts(language),
        source.relation.text[language] + (f" ({_ASSUMED[language]})" if source.is_assumed else ""),
        target.control.label,
        target.control.title,
        proposal.status.text[language] if proposal.status else "",
        proposal.confidence.text[language] if proposal.status else "",
        target.standing.text[language],
        target.current.text[language],
        target.taken[0].taken_on if target.taken else None,
        target.control.key,
    )


_TITLE: Final = Text("Antworten aus Edition 2023", "Answers from Edition 2023")
_CATALOGUE: Final = Text("Katalog", "Catalogue")
_MAPPING: Final = Text("Zuordnung", "Mapping")
_ANSWERED: Final = Text("Beantwortete Anforderungen von 2023", "Answered requirements of 2023")
_UNMAPPED: Final = Text("davon ohne Zuordnung", "of them not mapped")
_NO_MAPPING: Final = Text("Ohne Zuordnung", "Not mapped")
_SUMMARY: Final = Text("Stand der Übernahme, nach Controls", "State of the carry-over, by control")
_LIST: Final = Text("Arbeitsliste", "Work list")
_SHEET: Final = Text("Arbeitsliste", "Work list")
_REQUIREMENT: Final = Text("Anforderung 2023", "Requirement of 2023")
_REQUIREMENT_TITLE: Final = Text("Titel 2023", "Title of 2023")
_SAID: Final = Text("Antwort 2023", "Answer of 2023")
_ON: Final = Text("Geprüft am", "Checked on")
_PLACES: Final = Text("Objekte", "Objects")
_PLACES_HELP: Final = Text(
    "Beantwortet an so vielen Zielobjekten von allen, auf die der Baustein angewendet wird.",
    "Answered at so many target objects out of all to which the module is applied.",
)
_PARTS: Final = Text("Teilanforderungen", "Parts")
_RELATION: Final = Text("Beziehung", "Relation")
_RELATION_HELP: Final = Text(
    "Wie die Anforderung von 2023 zum Control steht.",
    "How the requirement of 2023 stands to the control.",
)
_OF: Final = Text("{answered} von {places}", "{answered} of {places}")
_ASSUMED: Final = Text("angenommen", "assumed")
_CONTROL: Final = Text("Control", "Control")
_CONTROL_TITLE: Final = Text("Titel des Controls", "Title of the control")
_PROPOSAL: Final = Text("Vorschlag", "Proposal")
_CONFIDENCE: Final = Text("Sicherheit", "Confidence")
_CONFIDENCE_HELP: Final = Text(
    "Hoch, wenn die Anforderung das Control ganz enthält und überall erfüllt ist; geringer bei bloßer "
    "Überschneidung, angenommener Beziehung oder uneinheitlichen Antworten.",
    "High where the requirement contains the control and is met everywhere; lower for mere overlap, an "
    "assumed relation, or answers that differ.",
)
_STANDING: Final = Text("Stand", "State")
_CURRENT: Final = Text("Heutige Antwort", "Present answer")
_TAKEN_ON: Final = Text("Übernommen am", "Taken over on")
_KEY: Final = Text("Bleibende Kennung", "Lasting identifier")
