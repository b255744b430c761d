"""Whoever holds an address is known by it alone, on either database."""

from __future__ import annotations

from sqlalchemy import select

from assessments.dpia import prescan_access as access
from assessments.dpia.prescan import PreScan
from tests.city import FOUNDER, City, found_city


def test_an_address_leads_to_its_organisation_before_anybody_names_one(city: City) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    database = city.site.database
    links, drafts = {}, {}
    for place in (city, neighbour):
        with database.writing(place.id, actor=FOUNDER) as session:
            links[place.id] = access.open_link(session, place.id)
            drafts[place.id] = access.begin(session, place.id)
    with database.reading() as session:
        found_links = {place: access.link_called(session, token) for place, token in links.items()}
        found_drafts = {place: access.draft_called(session, token) for place, token in drafts.items()}

    assert {place: link and link.organisation_id for place, link in found_links.items()} == {
        place: place for place in links
    }
    assert {place: draft and draft.organisation_id for place, draft in found_drafts.items()} == {
        place: place for place in drafts
    }


def test_forgetting_and_revoking_touch_one_organisation_only(city: City) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    database = city.site.database
    for place in (city, neighbour):
        with database.writing(place.id, actor=FOUNDER) as session:
            access.open_link(session, place.id)
            access.begin(session, place.id)
    with database.writing(actor=FOUNDER) as session:
        for draft in session.scalars(select(access.PreScanDraft)):
            draft.until = draft.began
    with database.writing(city.id, actor=FOUNDER) as session:
        gone = access.forget_expired(session, city.id)
        access.close_link(session, city.id)
    with database.reading() as session:
        links = session.scalars(select(access.PreScanLink.organisation_id)).all()
        drafts = session.scalars(select(access.PreScanDraft.organisation_id)).all()

    assert (gone, links, drafts) == (1, [neighbour.id], [neighbour.id])


def test_what_was_sent_holds_no_answers_any_more(city: City) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        token = access.begin(session, city.id)
        session.flush()
        draft = access.draft_called(session, token)
        assert draft is not None
        draft.keep(city.site.keys.sealer, PreScan(name="Schulbus-App"))
        scan = PreScan(name="Schulbus-App")
        session.add(scan)
        session.flush()
        draft.sent_as(scan)

    assert (draft.sealed, draft.entry_id) == ("", scan.id)
