"""The application, put together: this module and the command line alone know everybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import compliance.reminders  # noqa: F401 -- what is stored must be known, also where only a command reminds
from assessments import ASSESSMENTS
from assessments import RULES as ASSESSMENT_RULES
from assessments.described.outdated import mark_descriptions
from assessments.dpia.review_triggers import note_reasons
from assessments.grundschutz.borrowing import follow_sources
from assessments.grundschutz.claimed import tell_measures
from assessments.grundschutz.continuity import pass_demands_down
from assessments.grundschutz.course import note_course
from assessments.grundschutz.protection import settle_needs
from assessments.grundschutz.stale_takeovers import mark_takeovers
from assessments.grundschutz.unneeded import note_unneeded
from compliance.agenda import note
from compliance.config import Settings
from compliance.crypto import Keys
from compliance.database import Database
from compliance.entry import Entry
from compliance.journal import write
from compliance.judging import Judge
from compliance.release import mark_changes
from compliance.rules import Rule
from compliance.saving import watch
from compliance.sealing import seal
from compliance.vault import Vault
from compliance.web import blueprints
from compliance.web.site import KEY, Site
from registers import REGISTERS
from registers.incidents import run_clocks
from registers.rules import RULES as REGISTER_RULES

ALL_REGISTERS: Final[tuple[type[Entry], ...]] = (*REGISTERS, *ASSESSMENTS)
ALL_RULES: Final[tuple[Rule[Any], ...]] = (*REGISTER_RULES, *ASSESSMENT_RULES)


def assemble(settings: Settings) -> Site:
    """An installation whose every change is completed, recorded and judged."""
    database = Database(settings.database)
    keys = Keys(settings.secret_key, settings.former_keys)
    judge = _judge()
    seal(database, keys.sealer)
    watch(
        database,
        before=(
            run_clocks,
            follow_sources,
            tell_measures,
            note_reasons,
            mark_changes,
            judge.find_dependents,
        ),
        after=(
            settle_needs,
            pass_demands_down,
            mark_descriptions,
            mark_takeovers,
            note_unneeded,
            write,
            note_course,
            judge.judge_saved,
            note,
        ),
    )
    return Site(
        settings=settings,
        keys=keys,
        database=database,
        judge=judge,
        registers={register.slug: register for register in ALL_REGISTERS},
        vault=Vault(settings.files_address, keys),
    )


@cache
def _judge() -> Judge:
    """One for every installation: it keeps nothing but the rules, and how to ask what they read."""
    return Judge(ALL_RULES)


def create_app(site: Site) -> Flask:
    """The web application for *site*."""
    app = Flask(__name__, template_folder=str(_templates()), static_folder="static")
    app.extensions[KEY] = site
    app.secret_key = site.keys.messages
    app.config.update(
        SESSION_COOKIE_NAME="nachweis-messages",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=site.settings.https,
    )
    blueprints.attach(app)
    if proxies := site.settings.proxies:
        trusted: Any = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = trusted  # type: ignore[method-assign]
    return app


def _templates() -> Path:
    """The folder of templates: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    packaged = here / "_templates"
    return packaged if packaged.is_dir() else here.parent / "templates"
