"""What a file from elsewhere said and no field of ours asks: kept word for word, visible on the page."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import line, prose
from compliance.language import Text


class FromSource(Part, of="Dpia"):
    """One statement of an imported file, with the place in the file where it stood."""

    reference: Mapped[str] = line(
        "Stelle in der Quelle",
        "Place in the source",
        help=Text("Wo die Angabe in der Datei stand.", "Where the statement stood in the file."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )
    label: Mapped[str] = line(
        "Angabe",
        "Statement",
        help=Text("Wonach die Quelle fragt.", "What the source asks."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )
    text: Mapped[str] = prose(
        "Wortlaut",
        "Wording",
        help=Text("Was die Quelle dazu sagt.", "What the source says on it."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )
