"""What an audit would object to in an assessment that was begun from something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from assessments.dpia.copied import Copied, CopiedKind, unconfirmed
from assessments.dpia.dpia import Dpia
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation

RULES: Final = RuleBook(Dpia)


def _begun(**answers: object) -> Dpia:
    day = date(2026, 3, 2)
    source = {"source_key": "DSFA-0002", "source": "Videoschutz am Busbahnhof", "source_version": "7"}
    row = Copied(kind=CopiedKind.STATEMENT, place="necessity", taken_on=day, **source, **answers)
    return Dpia(name="Videoschutz im Parkhaus", necessity="Streifen allein genügen nicht.", copied=[row])


@RULES.rule(
    "VOR-001",
    Severity.ERROR,
    "Art. 35 Abs. 1, Abs. 7, Art. 5 Abs. 2 DSGVO",
    field="copied",
    says=Text(
        "Aus Vorlagen oder Szenarien übernommen und noch nicht bestätigt: {count} (aus {sources}).",
        "Copied from templates or scenarios and not confirmed yet: {count} (from {sources}).",
    ),
    remedy=Text(
        "Prüfen Sie jede übernommene Angabe an diesem Vorhaben und bestätigen oder ändern Sie sie; die Seite "
        "der DSFA führt hin. Eine Abschätzung muss die eigene Verarbeitung beurteilen.",
        "Check each copied statement against this project and confirm or change it; the page of the DPIA "
        "leads there. An assessment has to judge the processing at hand.",
    ),
    breaks=_begun,
    keeps=lambda: _begun(confirmed_on=date(2026, 3, 3), confirmed_by="Jonas Brandt"),
)
def _not_confirmed(dpia: Dpia, _: Situation) -> Iterator[Hit]:
    waiting = unconfirmed(dpia)
    if waiting:
        sources = dict.fromkeys(row.source_key for row in waiting)
        yield Hit(words={"count": str(len(waiting)), "sources": ", ".join(sources)})
