"""Writes the next migration from the difference between models and migrations.

``python -m compliance.migrations "What changes" 0002``
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from compliance.database import Base, Database
from compliance.migrations import ACROSS_ORGANISATIONS, configuration, upgrade


def _add_walls(path: Path) -> None:
    """Walls every new table of an organisation, at the end of the upgrade that makes it."""
    source = path.read_text(encoding="utf-8")
    made = re.findall(r"op\.create_table\(\s*['\"](\w+)", source.partition("def downgrade")[0])
    owned = {name for name in made if "organisation_id" in Base.metadata.tables[name].columns}
    walled = sorted(owned - ACROSS_ORGANISATIONS)
    if walled:
        names = "".join(f'    "{name}",\n' for name in walled)
        source = source.replace("\n\ndef upgrade()", f"\n\nWALLED = (\n{names})\n\n\ndef upgrade()", 1)
        source = source.replace(
            "\n\ndef downgrade", "    for table in WALLED:\n        wall(table)\n\n\ndef downgrade", 1
        )
        source = source.replace("import op\n", "import op\n\nfrom compliance.migrations import wall\n", 1)
        path.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        engine = Database(f"sqlite:///{Path(folder) / 'empty.db'}").engine
        upgrade(engine)
        written = command.revision(
            configuration(engine), message=sys.argv[1], autogenerate=True, rev_id=sys.argv[2]
        )
        engine.dispose()
        for script in written if isinstance(written, list) else [written]:
            if script is not None:
                _add_walls(Path(script.path))
