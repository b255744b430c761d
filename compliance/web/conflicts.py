"""Two people changed the same entry: both versions side by side, and nothing is lost.

The page is a form like any other. It sends my answers again, and beside each
difference a choice; answers for which the stored version is chosen are simply
left out, and what is not sent is not changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.entry import Entry
from compliance.fields import Kind, fields, shown
from compliance.journal import differences, facts, history, state_at
from compliance.web.forms import apply, form_class
from compliance.web.site import language

_CHOICE = "choose:"
THEIRS = "theirs"
_OF_THE_PAGE = ("csrf", "version", "do", "then", "confirmed")


@dataclass(frozen=True)
class Difference:
    """One answer on which the versions differ."""

    name: str
    spec: Kind
    mine: str
    theirs: str
    both_changed: bool
    """Otherwise only one side changed it, and that change is proposed."""
    keep_mine: bool


def page(session: Session, entry: Entry, version: int, form: MultiDict[str, str]) -> str:
    """What I sent for *version* against what is stored now.

    *session* only reads: my answers are tried on the entry and never written.
    """
    model = type(entry)
    base = state_at(session, entry, version)
    stored, said = facts(entry), _said(entry)
    latest = history(session, entry, latest=1)[0]
    filled = form_class(model)(form, obj=entry)
    filled.validate()
    apply(filled, entry, session)
    return render_template(
        "entries/conflict.html",
        model=model,
        entry=entry,
        number=entry.number,
        version=entry.version,
        differences=list(_differences(model, base, (facts(entry), _said(entry)), (stored, said))),
        latest=latest,
        pairs=[(name, text) for name, text in form.items(multi=True) if not _of_the_page(name)],
    )


def _of_the_page(name: str) -> bool:
    return name in _OF_THE_PAGE or name.startswith(_CHOICE)


Side: TypeAlias = tuple[Mapping[str, Any], Mapping[str, str]]
"""The answers of one version as the journal keeps them, and in words."""


def _said(entry: Entry) -> dict[str, str]:
    specs = fields(type(entry)).items()
    return {name: shown(spec, getattr(entry, name), language()) for name, spec in specs}


def _differences(
    model: type[Entry], base: Mapping[str, Any], mine: Side, stored: Side
) -> Iterator[Difference]:
    i_changed = differences(base, mine[0])
    they_changed = differences(base, stored[0])
    for name in differences(stored[0], mine[0]):
        if name not in fields(model):
            continue
        yield Difference(
            name,
            fields(model)[name],
            mine[1][name],
            stored[1][name],
            both_changed=name in i_changed and name in they_changed,
            keep_mine=name in i_changed,
        )


def chosen(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """*form* without the answers for which the stored version was chosen."""
    given_up = [key.removeprefix(_CHOICE) for key, choice in form.items() if _is_theirs(key, choice)]
    kept = [(key, text) for key, text in form.items(multi=True) if not _belongs_to_any(key, given_up)]
    return MultiDict(kept)


def _is_theirs(key: str, choice: str) -> bool:
    return key.startswith(_CHOICE) and choice == THEIRS


def _belongs_to_any(key: str, names: list[str]) -> bool:
    return any(key == name or key.startswith(f"{name}-") for name in names)
