"""The report on a security incident: what happened, how it was treated, what was learnt (DER.2.1).

Who reported the incident is sealed and stays out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from compliance.fields import Rows, fields, is_empty, matters, sections, shown
from compliance.language import LOCAL_TIME, Text
from exports.document import Block, Cell, Column, Document, Facts, Grid, Heading, Note, Prose
from exports.reports.register import Issuer
from registers.incidents import REPORTS, SecurityIncident
from registers.nis2 import terms_on

_APART: Final = frozenset({"nis2", *(name for names in REPORTS.values() for name in names)})
"""What the table of reporting periods says."""


def report(incidents: Sequence[SecurityIncident], issuer: Issuer) -> Document:
    """The *incidents*, loaded whole, one after the other; there may be none."""
    language = issuer.language
    single = incidents[0] if len(incidents) == 1 else None
    blocks: list[Block] = []
    for incident in incidents:
        if single is None:
            blocks.append(Heading(str(incident)))
        blocks += _chapters(incident, language, level=1 if single else 2)
    return Document(
        title=_TITLE.format(incident=single.name)[language] if single else SecurityIncident.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=str(single.version) if single else "",
        cover=tuple(_cover(single, language)) if single else (),
        blocks=tuple(blocks) or (Note(_NONE_TITLE[language], _NONE[language]),),
    )


def _cover(incident: SecurityIncident, language: str) -> Iterator[tuple[str, str]]:
    yield SecurityIncident.one[language], str(incident)
    for name in ("severity", "progress", "detected", "unit"):
        spec = fields(SecurityIncident)[name]
        yield spec.label[language], shown(spec, getattr(incident, name), language) or _UNSTATED[language]


def _chapters(incident: SecurityIncident, language: str, *, level: int) -> Iterator[Block]:
    for section, names in sections(SecurityIncident).items():
        found = [*_answers(incident, names, language)]
        if section.name == "reports":
            found += _reports(incident, language)
        if found:
            yield Heading(section.title[language], level)
            yield from found


def _answers(incident: SecurityIncident, names: Sequence[str], language: str) -> Iterator[Block]:
    specs = {name: fields(SecurityIncident)[name] for name in names if name not in _APART}
    facts = tuple(
        (spec.label[language], shown(spec, getattr(incident, name), language))
        for name, spec in specs.items()
        if not isinstance(spec, Rows)
        and not getattr(spec, "secret", False)
        and matters(spec, incident)
        and not is_empty(getattr(incident, name))
    )
    if facts:
        yield Facts(facts)
    if "steps" in specs and incident.steps:
        yield _log(incident, language)


def _log(incident: SecurityIncident, language: str) -> Grid:
    steps = sorted(incident.steps, key=lambda step: (step.at is None, step.at))
    rows: list[tuple[Cell, ...]] = [
        (step.at.astimezone(LOCAL_TIME) if step.at else None, step.what, step.who) for step in steps
    ]
    columns = (Column(_WHEN[language], 1.2), Column(_WHAT[language], 4.0), Column(_WHO[language], 1.5))
    return Grid(columns, rows, _LOG[language])


def _reports(incident: SecurityIncident, language: str) -> Iterator[Block]:
    """The periods of NIS-2, where the authority falls under them."""
    begins = incident.begins
    if begins is None or not incident.clocks_run:
        return
    terms = terms_on(begins.astimezone(LOCAL_TIME).date())
    rows: list[tuple[Cell, ...]] = []
    for period in terms.periods:
        end, sent = (_local(getattr(incident, name)) for name in REPORTS[period.stage])
        rows.append((period.stage.text[language], period.text[language], end, sent))
    columns = (
        Column(_REPORT[language], 2.0),
        Column(_PERIOD[language], 1.2),
        Column(_BY[language], 1.5),
        Column(_SENT[language], 1.5),
    )
    yield Grid(columns, rows, _PERIODS[language])
    yield Prose(f"{terms.source}. {terms.checked or _UNCHECKED[language]}")


def _local(value: Any) -> Any:
    return value.astimezone(LOCAL_TIME) if hasattr(value, "astimezone") else value


_TITLE = Text("Bericht zum Sicherheitsvorfall: {incident}", "Report on the security incident: {incident}")
_SUBJECT = Text(
    "Hergang, Behandlung und Nachbereitung nach DER.2.1 des IT-Grundschutz-Kompendiums.",
    "Facts, treatment and follow-up under DER.2.1 of the IT-Grundschutz-Kompendium.",
)
_UNSTATED = Text("nicht angegeben", "not stated")
_NONE_TITLE = Text("Kein Sicherheitsvorfall", "No security incident")
_NONE = Text("Die Auswahl ist leer.", "The selection is empty.")
_LOG = Text("Verlauf", "Log")
_WHEN = Text("Zeitpunkt", "Moment")
_WHAT = Text("Feststellung oder Handlung", "Finding or action")
_WHO = Text("Durch", "By")
_PERIODS = Text("Meldefristen nach NIS-2", "Reporting periods of NIS-2")
_REPORT = Text("Meldung", "Report")
_PERIOD = Text("Frist", "Period")
_BY = Text("Bis", "By")
_SENT = Text("Abgegeben", "Sent")
_UNCHECKED = Text(
    "Die Fristen sind nicht mit dem amtlichen Text verglichen.",
    "The periods were not compared with the official text.",
)
