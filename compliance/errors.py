"""What can go wrong, named for the situation; the web and the command line translate once."""

from __future__ import annotations

from compliance.language import Text


class NachweisError(Exception):
    """Something a person has to know: what happened, where, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.de)
        self.text = text


class Misconfigured(NachweisError):
    """The installation lacks a setting or a key and must not start."""


class NotFound(NachweisError):
    """There is no such thing, or the person may not know that there is."""


class Forbidden(NachweisError):
    """The person may see the thing but not do this to it."""


class Refused(NachweisError):
    """The input or the step cannot be accepted as it is; nothing was changed."""


class Outdated(NachweisError):
    """Somebody else changed the entry since the person last read it."""


class Damaged(NachweisError):
    """What is kept is missing, was altered, or cannot be read with this key."""
