"""Where an activity came from: the open points of its sample, and what a newer wording would change."""

from __future__ import annotations

from typing import Any, Final, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from compliance.access import Permission, may_do
from compliance.entry import State
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import Line, fields, tidy_line
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import me, reading, writing
from registers.processing import OpenPoint, ProcessingActivity
from registers.recognition import link_all
from registers.samples import Sample, compared, newer_sample, sample, take_over

bp = Blueprint("samples", __name__, url_prefix=f"/registers/{ProcessingActivity.slug}/<int:number>/sample")

_CHOICE: Final = "choose:"
_SAMPLE: Final = "sample"
_MINE: Final = "mine"


def about_activity(_session: Session, activity: ProcessingActivity) -> dict[str, Any]:
    """What the page of *activity* shows of its sample, instead of the fields themselves."""
    return {
        "panels": ("sample",),
        "begun_from": _known(activity),
        "newer_sample": newer_sample(activity),
        "undecided": sum(point.decided is not True for point in activity.open_points),
    }


def _known(activity: ProcessingActivity) -> Sample | None:
    try:
        return sample(activity.sample_id)
    except KeyError:
        return None


# --- A newer wording -----------------------------------------------------------------------------


@bp.get("")
def compare(number: int) -> str:
    """The sample as it was taken, the sample now and the entry, with what to take over."""
    with reading() as session:
        return _page(find(session, ProcessingActivity, number))


@bp.post("")
def take(number: int) -> Response | tuple[str, int]:
    """Takes over the chosen changes in one save; what is not chosen counts as considered."""
    try:
        with writing() as session:
            activity = find(session, ProcessingActivity, number, Permission.EDIT)
            count = _take(session, activity, _wording_of(activity))
    except (Outdated, StaleDataError):
        with reading() as session:
            activity = find(session, ProcessingActivity, number, Permission.EDIT)
            return _page(activity, outdated=True), 409
    said = ngettext("%(num)s Änderung ist übernommen.", "%(num)s Änderungen sind übernommen.", count)
    flash(said, "success")
    return redirect(url_for("entries.show", slug=ProcessingActivity.slug, number=number))


def _take(session: Session, activity: ProcessingActivity, wording: Sample) -> int:
    """How many changes were made. Raises :class:`Outdated` if something else was compared than lies here."""
    _demand_version(activity)
    if request.form.get("wording") != wording.version.isoformat():
        raise Outdated(_OUTDATED)
    proposals = compared(activity, wording).proposals
    chosen = [change for change in proposals if request.form.get(_CHOICE + change.key) == _SAMPLE]
    take_over(activity, wording, chosen)
    link_all(session, [activity])
    _save(session, activity)
    return len(chosen)


def _page(activity: ProcessingActivity, *, outdated: bool = False) -> str:
    wording = _wording_of(activity)
    comparison = compared(activity, wording)
    return render_template(
        "processing-activities/sample.html",
        model=ProcessingActivity,
        entry=activity,
        wording=wording,
        newer=newer_sample(activity),
        comparison=comparison,
        fields=fields(ProcessingActivity),
        chosen={change.key: _choice(change.key, conflict=change.conflict) for change in comparison.proposals},
        outdated=outdated,
        may_edit=may_do(me(), Permission.EDIT, activity),
    )


def _choice(key: str, *, conflict: bool) -> str:
    return request.form.get(_CHOICE + key) or (_MINE if conflict else _SAMPLE)


def _wording_of(activity: ProcessingActivity) -> Sample:
    """The sample of *activity* as it is now. Raises :class:`NotFound`."""
    found = _known(activity)
    if found is None:
        raise NotFound(_NO_SAMPLE)
    return found


# --- Open points ---------------------------------------------------------------------------------


@bp.post("/points")
def decide(number: int) -> Response:
    """Records which open points are decided, and how."""
    with writing() as session:
        activity = find(session, ProcessingActivity, number, Permission.EDIT)
        _demand_version(activity)
        for point in activity.open_points:
            _decide(point)
        _save(session, activity)
    flash(_("Die offenen Punkte sind gespeichert."), "success")
    return redirect(url_for("entries.show", slug=ProcessingActivity.slug, number=number))


def _decide(point: OpenPoint) -> None:
    decided = f"decided:{point.id.hex}" in request.form
    if decided is not (point.decided is True):
        point.decided = decided
    decision = tidy_line(request.form.get(f"decision:{point.id.hex}", point.decision))
    if len(decision) > _LONGEST:
        raise Refused(_TOO_LONG.format(length=_LONGEST))
    if decision != point.decision:
        point.decision = decision


_LONGEST: Final = cast(Line, fields(OpenPoint)["decision"]).length


# --- Saving --------------------------------------------------------------------------------------


def _demand_version(activity: ProcessingActivity) -> None:
    if request.form.get("version") != str(activity.version):
        raise Outdated(_OUTDATED)


def _save(session: Session, activity: ProcessingActivity) -> None:
    # The choice was made for this version; anything newer must stop the write.
    set_committed_value(activity, "version", activity.version)
    if activity.state is State.IMPORTED:
        activity.state = State.DRAFT
    session.flush()


_OUTDATED: Final = Text(
    "Der Eintrag wurde inzwischen von jemand anderem geändert. Bitte laden Sie die Seite neu.",
    "The entry was changed by somebody else in the meantime. Please load the page again.",
)
_NO_SAMPLE: Final = Text(
    "Dieser Eintrag stammt aus keinem Muster, das es gibt.",
    "This entry was not begun from a sample that exists.",
)
_TOO_LONG: Final = Text(
    "Ein Ergebnis ist länger als {length} Zeichen.", "An outcome is longer than {length} characters."
)
