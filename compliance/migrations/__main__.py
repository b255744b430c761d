"""Writes the next migration from the difference between models and migrations.

``python -m compliance.migrations "What changes" 0002``
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from compliance.database import Database
from compliance.migrations import configuration, upgrade

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        engine = Database(f"sqlite:///{Path(folder) / 'empty.db'}").engine
        upgrade(engine)
        command.revision(configuration(engine), message=sys.argv[1], autogenerate=True, rev_id=sys.argv[2])
        engine.dispose()
