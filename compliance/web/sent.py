"""Which entries a form about a list was sent for: ticked ones, or everything in the view it shows."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from flask import request

from compliance.entry import Entry
from compliance.web.listing import View


def view_words(view: View) -> str:
    """*view* as one word, because filters and answers have the same names."""
    return urlencode(view.address())


def whole_view(model: type[Entry]) -> View | None:
    """The view whose entries are all meant; ``None`` where the ticked ones are."""
    return sent_view(model) if request.form.get("which") == "all" else None


def sent_view(model: type[Entry]) -> View:
    """The view that the form was about."""
    return View.from_address(model, dict(parse_qsl(request.form.get("view", ""))))


def ticked() -> list[int]:
    """The running numbers that are ticked; what is no number is passed over."""
    given = " ".join(request.form.getlist("number"))
    return [int(word) for word in given.split() if re.fullmatch("[0-9]{1,9}", word)]
