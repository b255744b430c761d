"""The profile: which requirements of which catalogues an information domain is checked against."""

from __future__ import annotations

from typing import Any, Final

from assessments.grundschutz.oscal_writing import metadata, resource
from compliance.errors import Refused
from compliance.language import Text
from exports.oscal.facts import Facts


def profile(facts: Facts) -> dict[str, Any]:
    """Raises :class:`Refused` where nothing is checked yet."""
    if not facts.sources:
        raise Refused(NOTHING_ASKED)
    title = f"Profil des Informationsverbunds {facts.domain}"
    return {
        "profile": {
            "uuid": facts.named("profile"),
            "metadata": metadata(title, facts.version, facts.changed, **facts.parties()),
            "imports": [
                {"href": f"#{source.identity}", "include-controls": [{"with-ids": list(source.asked)}]}
                for source in facts.sources
            ],
            "merge": {"as-is": True},
            "back-matter": {
                "resources": [
                    resource(source.identity, source.title, source.file, source.sha256)
                    for source in facts.sources
                ]
            },
        }
    }


NOTHING_ASKED: Final = Text(
    "Für diesen Informationsverbund ist noch nichts zu prüfen: Ihm ist weder ein Baustein noch ein "
    "Katalog zugeordnet.",
    "Nothing is to be checked for this information domain yet: it has neither a module nor a catalogue.",
)
