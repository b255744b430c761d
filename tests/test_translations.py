"""The catalogues of translations say everything that the pages say."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

pytestmark = pytest.mark.source

CHECKOUT = Path(__file__).parent.parent
CATALOGUES = sorted((CHECKOUT / "compliance" / "translations").glob("*/LC_MESSAGES/messages.po"))


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    file = tmp_path_factory.mktemp("messages") / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    choices = ["--mapping-file", "pyproject.toml", "--keywords", "lazy_gettext", "--output-file", str(file)]
    subprocess.run([*extract, *choices, "."], cwd=CHECKOUT, check=True)
    return read(file)


def test_there_is_a_catalogue() -> None:
    assert CATALOGUES != []


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parent.parent.name)
def test_a_catalogue_holds_exactly_the_messages_of_the_source(file: Path, template: Catalog) -> None:
    assert {message.id for message in read(file)} == {message.id for message in template}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parent.parent.name)
def test_every_message_is_translated_and_confirmed(file: Path) -> None:
    messages = [message for message in read(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not all(strings(message.string))] == []


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parent.parent.name)
def test_every_translation_fills_in_the_same_placeholders(file: Path) -> None:
    assert [message.id for message, errors in read(file).check() if errors] == []


def strings(translation: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The singular and, where there is one, the plural."""
    return (translation,) if isinstance(translation, str) else tuple(translation or ("",))
