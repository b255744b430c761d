"""The official file is read completely, and no other file is taken for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz import kompendium_xml
from assessments.grundschutz.kompendium import (
    LAYER_IDS,
    Catalogue,
    Layer,
    Level,
    Module,
    Order,
    Requirement,
    TargetType,
    Threat,
    UnreadableCatalogue,
    differences,
    edition_2023,
    merge,
)
from assessments.grundschutz.kompendium_xml import Heading, parse, parse_heading, with_wordings

OFFICIAL = Path(__file__).parents[3].parent / "shared" / "data" / "bsi" / "XML_Kompendium_2023.xml"
SMALL = (Path(__file__).parent / "kompendium_small.xml").read_bytes()

needs_the_official_file = pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="the official XML file of the BSI is not part of the repository"
)


def _refusal(content: bytes) -> str:
    with pytest.raises(UnreadableCatalogue) as refused:
        parse(content)
    assert refused.value.text.de
    return refused.value.text.en.partition(" Nothing was imported.")[0]


def _changed(old: str, new: str) -> bytes:
    assert old.encode() in SMALL
    return SMALL.replace(old.encode(), new.encode())


@pytest.fixture(scope="module")
def official() -> Catalogue:
    return parse(OFFICIAL.read_bytes())


@needs_the_official_file
def test_the_official_file_agrees_with_the_index_in_every_fact(official: Catalogue) -> None:
    assert differences(edition_2023(), official) == ()
    assert official.counts() == edition_2023().counts() | {"cross_references": 0}


@needs_the_official_file
def test_the_official_file_stands_in_the_same_order_as_the_index(official: Catalogue) -> None:
    index = edition_2023()
    assert [each.id for each in official.layers] == [each.id for each in index.layers]
    assert [each.id for each in official.modules] == [each.id for each in index.modules]
    assert [each.id for each in official.requirements] == [each.id for each in index.requirements]
    assert [each.id for each in official.threats] == [each.id for each in index.threats]


@needs_the_official_file
def test_the_official_file_gives_every_requirement_and_module_its_wording(official: Catalogue) -> None:
    merged = merge(edition_2023(), official)
    assert [each.id for each in merged.requirements if not each.text] == []
    assert [
        each.id for each in merged.modules if not (each.introduction and each.objective and each.scope)
    ] == []
    withdrawn = {each.text for each in merged.requirements if each.withdrawn}
    assert all(text.startswith("Diese Anforderung ist entfallen") for text in withdrawn)
    assert merged.counts() == edition_2023().counts()


@needs_the_official_file
def test_no_wording_carries_markup_or_stray_white_space(official: Catalogue) -> None:
    texts = [each.text for each in official.requirements]
    texts += [text for each in official.modules for text in (each.introduction, each.objective, each.scope)]
    assert [text for text in texts if text != text.strip() or "\u2028" in text or "\xa0" in text] == []
    assert [text for text in texts if "<para" in text or "\n\n\n" in text] == []


@needs_the_official_file
def test_the_earlier_release_with_its_misprinted_number_is_accepted() -> None:
    misprint = "<title>SYS.1.2.3.A5 Sichere", "<title>SYS.1.2.2.A5 Sichere"
    content = OFFICIAL.read_text(encoding="utf-8")
    assert content.count(misprint[0]) == 1
    assert with_wordings(content.replace(*misprint).encode()) == with_wordings(content.encode())


@needs_the_official_file
@pytest.mark.parametrize("kept", [0.001, 0.1, 0.5, 0.9, 0.999999])
def test_the_official_file_cut_off_is_refused(kept: float) -> None:
    content = OFFICIAL.read_bytes()
    with pytest.raises(UnreadableCatalogue, match="bricht in Zeile"):
        parse(content[: int(len(content) * kept)])


@needs_the_official_file
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "ISMS.1.A4 Benennung",
            "ISMS.1.A4 Ernennung",
            (
                "ISMS.1.A4: Titel lautet „Ernennung eines oder einer Informationssicherheitsbeauftragten“ "
                "statt „Benennung eines oder einer Informationssicherheitsbeauftragten“"
            ),
        ),
        ("ISMS.1.A4 Benennung", "ISMS.1.A44 Benennung", "ISMS.1.A4 fehlt; ISMS.1.A44 kommt hinzu"),
        ("(Anforderungsmanagement)</title>", "</title>", "ORP.5: Titel lautet „Compliance Management“"),
        ("<title>G 0.1 Feuer", "<title>G 0.1 Brand", "G 0.1: Titel lautet „Brand“ statt „Feuer“"),
    ],
)
def test_the_official_file_with_a_changed_title_or_number_is_refused(
    old: str, new: str, message: str
) -> None:
    content = OFFICIAL.read_text(encoding="utf-8")
    assert old in content
    with pytest.raises(UnreadableCatalogue) as refused:
        with_wordings(content.replace(old, new).encode())
    assert message in refused.value.text.de


@needs_the_official_file
def test_the_official_file_claiming_another_edition_is_refused() -> None:
    content = OFFICIAL.read_text(encoding="utf-8")
    other = content.replace("Edition 2023 des IT", "Edition 2022 des IT")
    with pytest.raises(UnreadableCatalogue, match="Die Datei enthält die Edition 2022"):
        with_wordings(other.encode())


def test_a_small_file_is_read_completely() -> None:
    assert parse(SMALL) == Catalogue(
        name="IT-Grundschutz-Kompendium",
        edition="2023",
        layers=(Layer("ORP", "Organisation und Personal"), Layer("IND", "Industrielle IT")),
        modules=(
            Module(
                id="ORP.9",
                title="Pausen",
                layer="ORP",
                order=Order.R3,
                target_type=TargetType.INFORMATION_DOMAIN,
                responsible="Informationssicherheitsbeauftragte (ISB)",
                other_roles=("Vorgesetzte", "Mitarbeitende"),
                introduction="Pausen.",
                objective="Erholung.",
                scope="Einmal.",
            ),
            Module(
                id="ORP.10",
                title="Teeküche",
                layer="ORP",
                order=Order.R1,
                target_type=TargetType.INFORMATION_DOMAIN,
                responsible="Haustechnik",
                introduction="In der Teeküche wird Tee gekocht.",
                objective="Der Tee SOLL schmecken.",
                scope="Einmal je Etage.",
            ),
            Module(
                id="IND.9.1",
                title="Fähre",
                layer="IND",
                order=Order.R2,
                target_type=TargetType.IT_SYSTEM,
                responsible="OT-Betrieb (Operational Technology, OT)",
                other_roles=("OT-Betrieb (Operational Technology, OT)", "Planende"),
                introduction="Eine Fähre setzt über.",
                objective="Trocken ankommen.",
                scope="Je Fähre.",
            ),
        ),
        requirements=(
            Requirement(
                "ORP.9.A1",
                "ORP.9",
                1,
                "Dauer",
                Level.BASIC,
                ("Vorgesetzte",),
                text="Pausen MÜSSEN lang genug sein.",
            ),
            Requirement(
                "ORP.10.A1",
                "ORP.10",
                1,
                "Kannen (groß und klein)",
                Level.BASIC,
                text="Es MUSS eine Kanne geben.\nSie MUSS dicht sein.\n\n- Deckel,\n- Tülle.\n  1. Tropfen",
            ),
            Requirement(
                "ORP.10.A2",
                "ORP.10",
                2,
                "ENTFALLEN",
                Level.STANDARD,
                text="Diese Anforderung ist entfallen.",
            ),
            Requirement(
                "ORP.10.A3",
                "ORP.10",
                3,
                "Sieb",
                Level.STANDARD,
                ("Mitarbeitende", "Haustechnik"),
                text="Ein Sieb SOLLTE bereitliegen.",
            ),
            Requirement(
                "ORP.10.A4",
                "ORP.10",
                4,
                "Zweite Kanne",
                Level.HIGH,
                text="Es SOLLTE eine zweite Kanne geben.",
            ),
            Requirement(
                "IND.9.1.A1",
                "IND.9.1",
                1,
                "Anlegen",
                Level.BASIC,
                ("OT-Betrieb (Operational Technology, OT)", "Planende"),
                text="Die Fähre MUSS anlegen.",
            ),
        ),
        threats=(Threat("G 0.1", "Kalter Tee"), Threat("G 0.2", "Niedrigwasser")),
    )


def test_a_withdrawn_requirement_is_known_by_its_title() -> None:
    assert [each.id for each in parse(SMALL).requirements if each.withdrawn] == ["ORP.10.A2"]


def test_the_encoding_of_the_file_does_not_matter() -> None:
    text = SMALL.decode().replace("UTF-8", "UTF-16")
    assert parse(text.encode("utf-16")) == parse(SMALL)
    assert parse(b"\xef\xbb\xbf" + SMALL) == parse(SMALL)


def test_no_break_spaces_and_line_breaks_in_titles_are_spaces() -> None:
    content = _changed("ORP.10.A4 Zweite Kanne (H)", "ORP.10.A4\u00a0Zweite<?linebreak?>Kanne\n(H)")
    assert parse(content) == parse(SMALL)


def test_comments_in_the_file_are_no_text() -> None:
    assert parse(_changed("Zweite Kanne", "Zweite <!-- oder dritte -->Kanne")) == parse(SMALL)


def test_another_small_book_is_not_taken_for_the_edition() -> None:
    with pytest.raises(UnreadableCatalogue, match="ISMS fehlt"):
        with_wordings(SMALL)


def test_a_file_cut_off_anywhere_is_refused() -> None:
    first_element, end = SMALL.index(b"<info>"), len(SMALL.rstrip())
    for length in range(first_element):
        _refusal(SMALL[:length])
    for length in range(first_element, end):
        assert _refusal(SMALL[:length]).startswith("The file is incomplete: it breaks off in line ")


@pytest.mark.parametrize("content", [b"", b"  \r\n\t "])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert _refusal(content) == "The file is empty."


@pytest.mark.parametrize(
    "content",
    [
        b'{"catalog": {"title": "Kompendium"}}',
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00 an archive",
        b"%PDF-1.7 a document",
        b"id;title\r\n1;x",
        b"\x00\x01\x02\x03",
        random.Random(200_3).randbytes(5_000),
    ],
)
def test_a_file_that_is_not_xml_is_refused(content: bytes) -> None:
    assert _refusal(content) == "The file is not an XML file."


def test_a_web_page_is_refused() -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>Kompendium</title></head><body><br></body></html>"
    assert _refusal(page) == "The file is a web page (HTML), not the XML file of the Kompendium."
    assert _refusal(b"<html><body/></html>") == (
        "The file is not a DocBook book; its topmost element is “html”."
    )


def test_a_file_that_is_not_well_formed_is_refused_with_its_place() -> None:
    assert _refusal(b"<book>\n<chapter></book>") == "The file is not well-formed XML: line 2, column 12."
    assert _refusal(SMALL + b"<more/>").startswith("The file is not well-formed XML: line ")


def test_an_unknown_encoding_is_refused() -> None:
    for encoding in ("klingon", "utf-7", "idna"):
        message = _refusal(f'<?xml version="1.0" encoding="{encoding}"?><book/>'.encode())
        assert message in (
            "The character encoding that the file declares is unknown.",
            "The file is not an XML file.",
        )


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declarations",
    [
        f'<!ENTITY e0 "lol">{BOMB}<!ENTITY all "&e11;">',
        f'<!ENTITY all "{"a" * 100_000}">',
        '<!ENTITY all SYSTEM "file:///etc/hostname">',
        '<!ENTITY % all SYSTEM "http://127.0.0.1:9/x.dtd"> %all;',
        "",
    ],
    ids=["billion laughs", "quadratic blow-up", "external file", "external declaration", "none"],
)
def test_a_file_that_declares_entities_is_refused_unread(declarations: str) -> None:
    body = "&all;" * 1_000 if "ENTITY all" in declarations else ""
    content = f"<!DOCTYPE book [{declarations}]><book>{body}</book>"
    assert _refusal(content.encode()).startswith("The file contains a document type declaration")


def test_a_file_beyond_the_size_limit_is_refused_unparsed() -> None:
    with pytest.raises(UnreadableCatalogue, match="größer als 16 MB"):
        parse(b"<book>" + bytes(16 * 1024**2))


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 100_000,
        b"<b>" + b"<a/>" * 300_000 + b"</b>",
    ],
    ids=["deep", "many"],
)
def test_a_file_beyond_the_limits_of_depth_and_number_is_refused(content: bytes) -> None:
    assert _refusal(content) == "The file is far larger or more deeply nested than the Kompendium."


def test_a_heading_of_enormous_length_is_refused() -> None:
    title = "ORP.10.A4 " + "Kanne (B) [, " * 1_000
    assert _refusal(_changed("ORP.10.A4 Zweite Kanne (H)", title)).startswith(
        "A heading or cell of a table is unusually long: “ORP.10.A4 Kanne (B)"
    )


NOT_THE_KOMPENDIUM: list[tuple[Callable[[], bytes], str]] = [
    (
        lambda: _changed("http://docbook.org/ns/docbook", "http://www.w3.org/1999/xhtml"),
        (
            "The topmost element “book” stands in the wrong namespace “http://www.w3.org/1999/xhtml”; "
            "expected is “http://docbook.org/ns/docbook”."
        ),
    ),
    (
        lambda: _changed("<info><title>IT-Grundschutz-Kompendium</title></info>", ""),
        "The book in the file is titled “”, not “IT-Grundschutz-Kompendium”.",
    ),
    (
        lambda: _changed("<info><title>IT-Grundschutz-Kompendium", "<info><title>Kochbuch"),
        "The book in the file is titled “Kochbuch”, not “IT-Grundschutz-Kompendium”.",
    ),
    (
        lambda: _changed("<title>Neues im", "<title>Altes im"),
        "The chapter “Neues im IT-Grundschutz-Kompendium” is missing in the file.",
    ),
    (
        lambda: _changed("Edition 2023", "Edition 2022"),
        "The file contains Edition 2022; the edition that can be imported is 2023.",
    ),
    (
        lambda: _changed("Edition 2023", "Fassung"),
        (
            "The file does not say in its chapter “Neues im IT-Grundschutz-Kompendium” "
            "which edition it contains."
        ),
    ),
    (
        lambda: _changed("<title>Schichtenmodell und", "<title>Schichten und"),
        "The chapter “Schichtenmodell und Modellierung” is missing in the file.",
    ),
    (lambda: _changed("<title>Rollen", "<title>Pflichten"), "The chapter “Rollen” is missing in the file."),
    (
        lambda: _changed("<title>IND Industrielle IT", "<title>SYS IT-Systeme"),
        "The module IND.9.1 stands in the chapter “SYS IT-Systeme”.",
    ),
    (
        lambda: _changed("<title>Elementare", "<title>Erhebliche"),
        "The chapter “Elementare Gefährdungen” is missing in the file.",
    ),
    (
        lambda: _changed("<para>R1</para>", "<para>R4</para>"),
        (
            "Order of implementation or type of target object of the module ORP.10 cannot be read: "
            "“R4”, “Informationsverbund/übergeordnete Aspekte”."
        ),
    ),
    (
        lambda: _changed("<para>IT-System</para>", "<para>Schiff</para>"),
        (
            "Order of implementation or type of target object of the module IND.9.1 cannot be read: "
            "“R2”, “Schiff”."
        ),
    ),
    (
        lambda: _changed("<para>IND.9.1 Fähre</para>", "<para>IND.9.2 Fähre</para>"),
        "The section “IND.9.1 Fähre” is not a module or is missing in the table of target object types.",
    ),
    (
        lambda: _changed("<title>IND.9.1 Fähre", "<title>Fähre"),
        "The section “Fähre” is not a module or is missing in the table of target object types.",
    ),
    (
        lambda: _changed("ORP.10.A4 Zweite Kanne (H)", "ORP.10.A4 Zweite Kanne"),
        "The heading “ORP.10.A4 Zweite Kanne” in the module ORP.10 is not that of a requirement.",
    ),
    (
        lambda: _changed("ORP.10.A4 Zweite", f"ORP.10.A{'4' * 900} Zweite"),
        f"The heading “ORP.10.A{'4' * 71}…” in the module ORP.10 is not that of a requirement.",
    ),
    (lambda: _changed("ORP.10.A4", "ORP.10.A1"), "ORP.10.A1 occurs twice."),
    (lambda: _changed("<title>ORP.9 Pausen", "<title>ORP.10 Pausen"), "ORP.10 occurs twice."),
    (
        lambda: _changed("<title>Zielsetzung</title><para>Trocken", "<title>Ziel</title><para>Trocken"),
        "In the module IND.9.1 the section “Zielsetzung” is missing.",
    ),
    (
        lambda: _changed("<title>Anforderungen</title>", "<title>Vorgaben</title>"),
        "In the module ORP.10 the section “Anforderungen” is missing.",
    ),
]


@pytest.mark.parametrize(("content", "message"), NOT_THE_KOMPENDIUM)
def test_a_book_that_is_not_this_kompendium_is_refused(content: Callable[[], bytes], message: str) -> None:
    assert _refusal(content()) == message


def test_a_refusal_says_what_to_do_in_both_languages() -> None:
    with pytest.raises(UnreadableCatalogue) as refused:
        parse(b"")
    assert refused.value.text.de == (
        "Die Datei ist leer. Es wurde nichts übernommen. Bitte die XML-Datei des Kompendiums, Edition 2023, "
        "unverändert von der Website des BSI herunterladen und erneut einlesen."
    )
    assert refused.value.text.en == (
        "The file is empty. Nothing was imported. Please download the XML file of the Kompendium, Edition "
        "2023, unchanged from the website of the BSI and import it again."
    )


def test_the_limits_leave_room_for_a_file_several_times_the_official_one() -> None:
    assert kompendium_xml.MAX_BYTES > 4 * 3_160_564
    assert kompendium_xml.MAX_ELEMENTS > 4 * 26_718


WORDS = st.text(st.sampled_from("abÄß() -,/&'“19[]BSH"), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
ROLES = st.lists(
    st.sampled_from(sorted({role for each in edition_2023().requirements for role in each.roles})),
    unique=True,
).map(tuple)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    module = ".".join(
        [
            draw(st.sampled_from(LAYER_IDS)),
            *map(str, draw(st.lists(st.integers(1, 99), min_size=1, max_size=3))),
        ]
    )
    number = draw(st.integers(1, 999))
    title = draw(WORDS.filter(bool))
    level = draw(st.sampled_from(Level))
    return Requirement(f"{module}.A{number}", module, number, title, level, draw(ROLES))


@given(requirements())
def test_the_heading_of_a_requirement_reads_back(requirement: Requirement) -> None:
    assert parse_heading(requirement.heading) == Heading(
        requirement.module, requirement.number, requirement.title, requirement.level, requirement.roles
    )


@given(requirements())
def test_a_heading_without_the_dot_and_with_other_spaces_reads_the_same(requirement: Requirement) -> None:
    misprinted = requirement.heading.replace(".A", "A", 1).replace(" ", "\u00a0\n ")
    assert parse_heading(misprinted) == parse_heading(requirement.heading)


@given(st.text())
def test_any_text_is_a_heading_or_none(text: str) -> None:
    assert parse_heading(text) is None or "A" in text


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableCatalogue):
        parse(content)


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(at: int, damage: bytes) -> None:
    with suppress(UnreadableCatalogue):
        parse(SMALL[:at] + damage + SMALL[at + len(damage) :])
