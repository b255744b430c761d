"""The command line: everything that can be done without a browser."""

from __future__ import annotations

import sys

import click

from compliance.cli import (
    assessments,
    catalogues,
    checking,
    deadlines,
    editing,
    installation,
    keys,
    library,
    moving_in,
    moving_out,
    norms,
    reminding,
    safekeeping,
    threshold,
)
from compliance.cli.ground import language
from compliance.errors import NachweisError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nachweis")
def commands() -> None:
    """Nachweis keeps records of processing, impact assessments and IT-Grundschutz."""


for _command in (
    installation.init,
    installation.demo,
    installation.serve,
    installation.organisation,
    installation.person,
    moving_in.import_register,
    moving_out.export,
    assessments.print_schema,
    editing.workbook,
    editing.roundtrip,
    catalogues.catalogue,
    norms.norms,
    library.measures,
    checking.check,
    checking.journal,
    reminding.remind,
    keys.key,
    safekeeping.files,
    safekeeping.backup,
    safekeeping.restore,
    deadlines.deadline,
    threshold.threshold,
):
    commands.add_command(_command)


def main() -> None:
    """Runs a command; what goes wrong is said in one sentence, not in a traceback."""
    try:
        commands(standalone_mode=False)
    except NachweisError as error:
        click.echo(error.text[language()], err=True)
        sys.exit(2)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
