"""Contents lie enciphered, once for each organisation, and never get lost between file and row."""

from __future__ import annotations

import io
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

from compliance.attachments import (
    LARGEST,
    Attachment,
    attach,
    attachments,
    clean,
    detach,
    discard,
    every_content,
    take_in,
    tidy_name,
)
from compliance.crypto import CHUNK, Keys
from compliance.database import now
from compliance.errors import Damaged, Misconfigured, Refused
from compliance.journal import history, verify
from compliance.people import Role
from compliance.vault import Kept, Vault
from registers.processing import ProcessingActivity
from tests.city import FOUNDER, City, found_city
from tests.files import TAKEN

SECRET = "a secret that only the tests know, and nobody else"
OWNER = uuid.UUID(int=1)
on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture(params=["folder", "object store"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    if request.param == "folder":
        yield Vault(str(tmp_path / "files"), Keys(SECRET))
    else:
        root = f"memory://{uuid.uuid4().hex}/files"
        yield Vault(root, Keys(SECRET))
        with suppress(FileNotFoundError):
            MemoryFileSystem().rm(root, recursive=True)


def put(vault: Vault, content: bytes, owner: uuid.UUID = OWNER) -> Kept:
    kept = vault.digest(io.BytesIO(content), owner)
    vault.put(io.BytesIO(content), kept)
    return kept


def read(vault: Vault, kept: Kept) -> bytes:
    return b"".join(vault.read(kept))


# --- The vault -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_content_comes_back_as_it_was(vault: Vault, size: int) -> None:
    content = os.urandom(size)

    assert read(vault, put(vault, content)) == content


@given(content=st.binary(max_size=2000))
def test_any_bytes_survive_enciphering(content: bytes) -> None:
    keys = Keys(SECRET)
    sealed = b"".join(keys.seal_file(io.BytesIO(content), context=b"here"))

    opened = b"".join(keys.open_file(io.BytesIO(sealed), context=b"here"))

    assert opened == content
    assert len(content) < 8 or content not in sealed


@given(content=st.binary(min_size=1, max_size=400), data=st.data())
def test_no_change_of_an_enciphered_content_goes_unnoticed(content: bytes, data: st.DataObject) -> None:
    keys = Keys(SECRET)
    sealed = bytearray(b"".join(keys.seal_file(io.BytesIO(content), context=b"here")))
    place = data.draw(st.integers(0, len(sealed) - 1))
    change = data.draw(st.sampled_from(["flip", "cut", "add"]))
    match change:
        case "flip":
            sealed[place] ^= data.draw(st.integers(1, 255))
        case "cut":
            del sealed[place:]
        case _:
            sealed += b"x"

    with pytest.raises(Damaged):
        list(keys.open_file(io.BytesIO(sealed), context=b"here"))


OTHER_SECRET = "another secret of the same length, or so"


@pytest.mark.parametrize(("secret", "context"), [(OTHER_SECRET, b"here"), (SECRET, b"there")])
def test_another_key_or_place_opens_nothing(secret: str, context: bytes) -> None:
    sealed = b"".join(Keys(SECRET).seal_file(io.BytesIO(b"Vertrag"), context=b"here"))

    with pytest.raises(Damaged):
        list(Keys(secret).open_file(io.BytesIO(sealed), context=context))


def test_a_file_opens_after_the_secret_was_exchanged() -> None:
    sealed = b"".join(Keys(OTHER_SECRET).seal_file(io.BytesIO(b"Vertrag"), context=b"here"))

    opened = Keys(SECRET, [OTHER_SECRET]).open_file(io.BytesIO(sealed), context=b"here")

    assert b"".join(opened) == b"Vertrag"


def test_chunks_cannot_change_places() -> None:
    keys = Keys(SECRET)
    sealed = b"".join(keys.seal_file(io.BytesIO(b"a" * CHUNK + b"b" * CHUNK + b"c"), context=b""))
    head, step = len(sealed) - 2 * (CHUNK + 16) - 17, CHUNK + 16
    swapped = sealed[:head] + sealed[head + step : head + 2 * step] + sealed[head : head + step]

    for forged in (swapped + sealed[head + 2 * step :], sealed[: head + 2 * step], sealed[: head + step]):
        with pytest.raises(Damaged):
            list(keys.open_file(io.BytesIO(forged), context=b""))


def test_whoever_has_the_place_but_not_the_key_learns_nothing(tmp_path: Path) -> None:
    vault = Vault(str(tmp_path), Keys(SECRET))
    words = b"Auftragsverarbeitungsvertrag mit der Rechenzentrum GmbH"
    put(vault, words * 100)

    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    raw = file.read_bytes()

    assert not any(words[start : start + 12] in raw for start in range(len(words) - 12))
    assert b"%PDF" not in raw
    # The name is no plain checksum either, so that a known file cannot be looked for.
    other = Vault(str(tmp_path), Keys(OTHER_SECRET))
    assert other.digest(io.BytesIO(words * 100), OWNER).digest != file.name


def test_the_same_content_lies_there_once_for_each_organisation(vault: Vault) -> None:
    first, again = put(vault, b"Vertrag"), put(vault, b"Vertrag")
    elsewhere = put(vault, b"Vertrag", uuid.UUID(int=2))

    assert first == again
    assert first.digest != elsewhere.digest
    assert set(vault.contents()) == {first, elsewhere}


def test_a_content_that_is_missing_or_damaged_is_named_so(vault: Vault) -> None:
    kept = put(vault, b"Vertrag")
    vault.discard(kept)
    vault.discard(kept)

    with pytest.raises(Damaged):
        read(vault, kept)
    vault.put_sealed(iter([b"nothing that was ever sealed" * 3]), kept)
    with pytest.raises(Damaged):
        vault.check(kept)


def test_writing_that_fails_leaves_nothing(vault: Vault) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the disk is gone")
            return super().read(size)

    kept = vault.digest(io.BytesIO(b"x"), OWNER)
    with pytest.raises(OSError, match="gone"):
        vault.put(Torn(bytes(2 * CHUNK)), kept)

    assert (vault.holds(kept), list(vault._paths())) == (False, [])


def test_what_was_begun_long_ago_is_swept_and_what_is_under_way_is_not(tmp_path: Path) -> None:
    vault = Vault(str(tmp_path), Keys(SECRET))
    kept = put(vault, b"Vertrag")
    folder = (tmp_path / kept.path).parent
    old, fresh = folder / "a.part", folder / "b.part"
    for file in (old, fresh):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 200_000,) * 2)

    assert vault.sweep() == 1
    assert (old.exists(), fresh.exists(), vault.holds(kept)) == (False, True, True)


def test_a_place_that_cannot_be_reached_is_named() -> None:
    with pytest.raises(Misconfigured) as error:
        Vault("nowhere://bucket/prefix", Keys(SECRET))

    assert "nowhere://bucket/prefix" in error.value.text.de


# --- Taking in -----------------------------------------------------------------------------------


class Measured(io.BytesIO):
    """Remembers the most that was asked for at a time."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.most = max(self.most, len(found))
        return found


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(vault: Vault) -> None:
    stream = Measured(b"a" * LARGEST)

    taken = take_in(vault, OWNER, "gross.txt", stream)
    with pytest.raises(Refused) as error:
        take_in(vault, OWNER, "zu gross.txt", io.BytesIO(b"a" * (LARGEST + 1)))

    assert (taken.size, stream.most) == (LARGEST, CHUNK)
    assert error.value.text.de == "„zu gross.txt“ ist zu groß. Eine Datei darf höchstens 25 MB haben."
    assert "25 MB" in error.value.text.en


def test_an_empty_file_is_refused_by_name(vault: Vault) -> None:
    with pytest.raises(Refused) as error:
        take_in(vault, OWNER, "leer.txt", io.BytesIO(b""))

    assert error.value.text.de == "„leer.txt“ ist leer."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Vertrag.pdf", "Vertrag.pdf"),
        ("C:\\Users\\Demir\\Vertrag.pdf", "Vertrag.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("Vertrag\u202efdp.exe", "Vertrag fdp.exe"),
        ("", "datei"),
        ("/", "datei"),
        ("ü" * 300 + ".pdf", "ü" * 196 + ".pdf"),
    ],
)
def test_a_name_loses_what_could_deceive_and_keeps_its_ending(sent: str, kept: str) -> None:
    assert tidy_name(sent) == kept


@given(st.text(max_size=400))
def test_a_tidy_name_is_one_visible_line_and_stays_as_it_is(name: str) -> None:
    tidy = tidy_name(name)

    assert tidy_name(tidy) == tidy
    assert 0 < len(tidy) <= 200
    assert "/" not in tidy
    assert "\n" not in tidy


# --- File and row --------------------------------------------------------------------------------


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    found = ProcessingActivity(name="Melderegister")
    city.save(found)
    return found


def add(
    city: City, activity: ProcessingActivity, name: str, content: bytes, *, crash: bool = False
) -> Attachment:
    stream = io.BytesIO(content)
    taken = take_in(city.site.vault, city.id, name, stream)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        attach(session, city.site.vault, entry, taken, stream, by=city.identity(Role.DSB))
        if crash:
            raise OSError("crash")
    return taken


def remove(city: City, activity: ProcessingActivity, attachment: Attachment) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        stored = session.get_one(Attachment, (city.id, attachment.id))
        detach(session, entry, stored, by=city.identity(Role.DSB))
    discard(city.site.database, city.site.vault, attachment.kept, actor=FOUNDER)


def names(city: City, activity: ProcessingActivity) -> list[str]:
    with city.site.database.reading(city.id) as session:
        return [one.name for one in attachments(session, activity)]


def test_what_is_attached_and_removed_stands_in_the_journal(city: City, activity: ProcessingActivity) -> None:
    attachment = add(city, activity, "Vertrag.pdf", TAKEN["pdf"])
    remove(city, activity, attachment)

    with city.site.database.reading(city.id) as session:
        changes = history(session, attachment)
    told = {
        name: changes[1].state[name] for name in ("name", "kind", "size", "content", "subject", "added_by")
    }
    assert [(change.action, change.actor) for change in changes] == [
        ("delete", city.people[Role.DSB].name),
        ("create", city.people[Role.DSB].name),
    ]
    assert told == {
        "name": "Vertrag.pdf",
        "kind": "PDF",
        "size": len(TAKEN["pdf"]),
        "content": attachment.content,
        "subject": "VT-0001 Melderegister",
        "added_by": city.people[Role.DSB].name,
    }
    assert verify(city.site.database).breaks == ()


def test_a_content_stays_until_the_last_entry_lets_it_go(city: City, activity: ProcessingActivity) -> None:
    first = add(city, activity, "Vertrag.pdf", TAKEN["pdf"])
    second = add(city, activity, "Kopie.pdf", TAKEN["pdf"])
    vault = city.site.vault
    lying = [len(list(vault.contents()))]
    for attachment in (first, second):
        remove(city, activity, attachment)
        lying.append(len(list(vault.contents())))

    assert first.kept == second.kept
    assert lying == [1, 1, 0]


def test_another_organisation_has_a_content_of_its_own(city: City, activity: ProcessingActivity) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    theirs = ProcessingActivity(name="Ihre")
    neighbour.save(theirs)
    mine, other = (
        add(city, activity, "Vertrag.pdf", TAKEN["pdf"]),
        add(neighbour, theirs, "Vertrag.pdf", TAKEN["pdf"]),
    )

    remove(city, activity, mine)

    assert list(city.site.vault.contents()) == [other.kept]
    assert list(every_content(city.site.database)) == [other.kept]


@on_sqlite
def test_a_crash_between_file_and_row_leaves_a_content_that_is_cleaned(
    city: City, activity: ProcessingActivity
) -> None:
    kept_one = add(city, activity, "Bleibt.txt", b"bleibt")
    with pytest.raises(OSError, match="crash"):
        add(city, activity, "Vertrag.pdf", TAKEN["pdf"], crash=True)
    before = len(list(city.site.vault.contents()))

    removed = clean(city.site.database, city.site.vault, actor=FOUNDER)

    assert names(city, activity) == ["Bleibt.txt"]
    assert (before, removed, list(city.site.vault.contents())) == (2, 1, [kept_one.kept])


@on_sqlite
def test_a_content_that_was_discarded_during_an_upload_is_put_back(
    city: City, activity: ProcessingActivity
) -> None:
    stream = io.BytesIO(TAKEN["pdf"])
    taken = take_in(city.site.vault, city.id, "Vertrag.pdf", stream)
    clean(city.site.database, city.site.vault, actor=FOUNDER)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        attach(session, city.site.vault, entry, taken, stream, by=city.identity(Role.DSB))

    assert read(city.site.vault, taken.kept) == TAKEN["pdf"]


def test_whoever_discards_waits_for_whoever_attaches(city: City, activity: ProcessingActivity) -> None:
    stream = io.BytesIO(TAKEN["pdf"])
    taken = take_in(city.site.vault, city.id, "Vertrag.pdf", stream)
    kept = Kept(city.id, taken.content)
    outcome: list[Any] = []

    def discarding() -> None:
        outcome.append(discard(city.site.database, city.site.vault, kept, actor=FOUNDER))

    thread = threading.Thread(target=discarding)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        attach(session, city.site.vault, entry, taken, stream, by=city.identity(Role.DSB))
        thread.start()
        thread.join(0.3)
        waits = thread.is_alive()
    thread.join(30)

    assert (waits, outcome) == (True, [False])
    assert read(city.site.vault, kept) == TAKEN["pdf"]


def test_a_moment_of_the_object_store_has_its_time_zone(vault: Vault) -> None:
    kept = put(vault, b"Vertrag")

    assert abs((now() - vault._changed(kept.path)).total_seconds()) < 60
