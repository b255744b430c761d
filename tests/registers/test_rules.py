"""Every rule about the registers finds what it is meant to find, and nothing else."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.app import ALL_RULES
from compliance.entry import Entry, State
from compliance.fields import Span, TimeUnit, fields
from compliance.judging import Judge
from compliance.language import LANGUAGES, Text
from compliance.people import LegalForm
from compliance.rules import Hit, Rule, Severity, Situation, surveys
from registers.authority import Authority
from registers.commissioned import CommissionedProcessing
from registers.countries import COUNTRIES, EEA
from registers.joint_controllers import JointControllership
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Regime,
    Secrecy,
    SpecialException,
    Stage,
    StartType,
)
from registers.processors import (
    Authorisation,
    ContractState,
    Instrument,
    ProcessingLocation,
    Processor,
    SubProcessor,
)
from registers.rules import RULES
from registers.transfers import SccModule, TiaResult, TransferBasis
from tests.strategies import DAYS, entries

TODAY = date(2026, 11, 23)

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.judges.slug}-{rule.id}")


def found(entry: Entry, id: str, situation: Situation | None = None) -> list[Hit]:
    """What the rule *id* objects to in *entry*."""
    rule = Judge(RULES).rule(id, entry.slug)
    return list(rule.check(entry, situation or Situation(TODAY)))


def objections(entry: Entry, id: str, situation: Situation | None = None) -> list[str]:
    """The same as a German reader sees it."""
    rule = Judge(RULES).rule(id, entry.slug)
    return [rule.said(hit.words).de for hit in found(entry, id, situation)]


def rows_found(entry: Entry, id: str, situation: Situation | None = None) -> list[str]:
    """How the rows are called to which the rule objects."""
    return [hit.words["what"] for hit in found(entry, id, situation)]


# --- What holds for every rule -------------------------------------------------------------------


CATALOGUE: Final = {
    "VVT": 40,
    "TRF": 8,
    "AVV": 12,
    "JC": 1,
    "PRR": 1,
    "DPB": 10,
    "DSR": 6,
    "GOV": 5,
}
"""How many rules of each kind the law asks for, by the letters of their ids."""


def test_every_rule_of_the_catalogue_is_there() -> None:
    known = {rule.id for rule in ALL_RULES}
    wanted = {
        f"{letters}-{number:03}" for letters, last in CATALOGUE.items() for number in range(1, last + 1)
    }

    assert wanted - known == set()


@each_rule
def test_a_rule_hits_its_bad_example(rule: Rule[Any]) -> None:
    case = rule.breaks()
    assert list(rule.check(case.entry, case.situation)) != []


@each_rule
def test_a_rule_leaves_its_good_example_alone(rule: Rule[Any]) -> None:
    case = rule.keeps()
    assert list(rule.check(case.entry, case.situation)) == []


@each_rule
def test_a_rule_has_an_id_a_source_and_a_field_of_its_register(rule: Rule[Any]) -> None:
    assert re.fullmatch(r"[A-Z]{2,3}-\d{3}", rule.id)
    assert re.search(r"(Art\.|§) \d|DER\.2\.1\.A\d", rule.source)
    assert rule.field in fields(rule.judges)


@each_rule
def test_a_hit_fills_every_placeholder_in_every_language(rule: Rule[Any]) -> None:
    case = rule.breaks()
    for hit in rule.check(case.entry, case.situation):
        said = rule.said(hit.words)
        assert [said[language] for language in LANGUAGES if set("{}") & set(said[language])] == []


@each_rule
def test_both_languages_say_the_same_about_the_same(rule: Rule[Any]) -> None:
    assert placeholders(rule.says.de) == placeholders(rule.says.en)
    assert rule.says.de != rule.says.en
    assert rule.remedy.de != rule.remedy.en


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "model", [Authority, ProcessingActivity, Processor, CommissionedProcessing, JointControllership]
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), today=DAYS, legal_form=st.sampled_from(LegalForm))
def test_no_rule_fails_on_anything_that_can_be_written_down(
    model: type[Entry], data: st.DataObject, today: date, legal_form: LegalForm
) -> None:
    entry = data.draw(entries(model))
    using = data.draw(st.lists(st.sampled_from([used_at(stage) for stage in Stage]), max_size=2))
    situation = Situation(today, legal_form, {"ProcessingActivity": using})
    for rule in RULES:
        if rule.judges is model:
            for hit in rule.check(entry, situation):
                assert all(rule.said(hit.words)[language] for language in LANGUAGES)


# --- Handing rules to the judge ------------------------------------------------------------------


def test_one_duty_may_judge_two_registers() -> None:
    judge = Judge(RULES)
    assert judge.rule("TRF-001", "processing-activities").field == "recipients"
    assert judge.rule("TRF-001", "processors").field == "locations"


def test_two_rules_of_one_name_about_one_register_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Two rules about authority are called VVT-011\."):
        Judge([*RULES, RULES[0]])


def test_two_questions_of_one_name_about_one_register_are_refused() -> None:
    first, second = (surveys(Authority, Authority, columns) for columns in (("name",), ("number",)))
    asking = [
        replace(RULES[0], id=f"TST-00{number}", reads=(asks,)) for number, asks in enumerate((first, second))
    ]

    with pytest.raises(ValueError, match=r"TST-001 asks something else under the name Authority\."):
        Judge(asking)


def test_one_duty_says_the_same_about_every_register() -> None:
    first, second, _ = (rule for rule in RULES if rule.id == "TRF-001")
    with pytest.raises(ValueError, match="TRF-001 says different things"):
        Judge([first, replace(second, says=Text("Anders", "Different"))])


# --- Front sheet ---------------------------------------------------------------------------------


def test_each_missing_detail_of_the_front_sheet_is_named_with_its_heading() -> None:
    sheet = Authority(
        name="Stadt Musterhafen",
        head="Bürgermeister Max Beispiel",
        street="Markt 1",
        town="23999 Musterhafen",
        telephone="04599 1000",
        officer="Jens Muster",
        officer_address="Markt 1, 23999 Musterhafen",
    )
    assert objections(sheet, "VVT-011") == [
        "Im Vorblatt fehlt unter „Verantwortlicher“ die Angabe „E-Mail“.",
        "Im Vorblatt fehlt unter „Datenschutzbeauftragte“ die Angabe „E-Mail“.",
    ]


def test_only_an_authority_must_have_a_data_protection_officer() -> None:
    company = Authority(
        name="Stadtwerke Musterhafen GmbH",
        head="Geschäftsführerin Anna Beispiel",
        street="Hafenstraße 3",
        town="23999 Musterhafen",
        telephone="04599 2000",
        email="info@stadtwerke.example",
    )
    assert found(company, "VVT-011", Situation(TODAY, LegalForm.COMPANY)) == []
    assert len(found(company, "VVT-011", Situation(TODAY))) == 3


def test_a_company_that_names_an_officer_gives_the_contact_details_too() -> None:
    company = Authority(officer="Jens Muster")
    missing = {hit.words["field"] for hit in found(company, "VVT-011", Situation(TODAY, LegalForm.COMPANY))}
    assert {"officer_address", "officer_email"} <= missing


# --- Purposes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "–",
        "Verwaltung",
        "siehe oben",
        "siehe oben unter Nr. 1",
        "Diverses",
        "tbd – wird noch ergänzt",
        "s. o.",
    ],
)
def test_a_placeholder_is_no_purpose(text: str) -> None:
    assert len(found(ProcessingActivity(purposes=[Purpose(text=text)]), "VVT-001")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Anmeldung zur Offenen Ganztagsschule",
        "Test der Videoanlage am Hauptbahnhof",
        "Bewilligung von Wohngeld (siehe oben)",
        "Diversitätsförderung in der Verwaltung",
    ],
)
def test_a_purpose_may_contain_words_that_also_serve_as_placeholders(text: str) -> None:
    assert found(ProcessingActivity(purposes=[Purpose(text=text)]), "VVT-001") == []


def test_an_entry_without_purposes_is_objected_to_once() -> None:
    assert found(ProcessingActivity(), "VVT-001") == [Hit(words={"what": "–"})]


def test_a_row_is_called_by_its_text_and_without_text_by_its_position() -> None:
    purposes = [
        Purpose(text="Führung des Melderegisters", legal_basis=LegalBasis.PUBLIC_TASK),
        Purpose(),
        Purpose(text="Auskünfte"),
    ]
    assert rows_found(ProcessingActivity(purposes=purposes), "VVT-012") == ["2", "Auskünfte"]


def test_a_long_purpose_is_quoted_in_part() -> None:
    [called] = rows_found(
        ProcessingActivity(purposes=[Purpose(text="Erhebung\nder " + "Steuer " * 40)]), "VVT-012"
    )
    assert called.startswith("Erhebung der Steuer")
    assert called.endswith("…")
    assert len(called) <= 80


def test_under_the_ji_part_a_provision_is_legal_basis_enough() -> None:
    fines = [Purpose(text="Verfolgung von Verkehrsordnungswidrigkeiten", norm="OWiG, StVO")]
    assert found(ProcessingActivity(purposes=fines, regime=Regime.POLICE), "VVT-012") == []
    assert len(found(ProcessingActivity(purposes=fines, regime=Regime.GDPR), "VVT-012")) == 1


def test_legitimate_interests_are_open_to_a_municipal_company() -> None:
    entry = ProcessingActivity(
        purposes=[Purpose(text="Werbung bei Bestandskunden", legal_basis=LegalBasis.LEGITIMATE_INTERESTS)]
    )
    assert len(found(entry, "VVT-014", Situation(TODAY))) == 1
    assert found(entry, "VVT-014", Situation(TODAY, LegalForm.COMPANY)) == []


def test_consent_to_special_categories_must_be_described_too() -> None:
    data = DataCategory(text="Allergien", special=True, exception=SpecialException.CONSENT)
    assert found(ProcessingActivity(data=[data]), "VVT-015") == [Hit()]


def test_parents_are_asked_only_where_consent_is_the_basis() -> None:
    homework = ProcessingActivity(
        online_service_for_children=True,
        purposes=[
            Purpose(
                text="Lernplattform der Schulen", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 30 SchulG SH"
            )
        ],
    )
    assert found(homework, "VVT-016") == []


# --- Data categories -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Gesundheitsdaten",
        "Krankheitstage",
        "Krankmeldungen",
        "Grad der Behinderung",
        "Schwerbehinderung",
        "Religionszugehörigkeit",
        "Kirchensteuermerkmal",
        "Konfession",
        "Gewerkschaftsmitgliedschaft",
        "Biometrisches Lichtbild",
        "Politische Überzeugung",
        "Ethnische Herkunft",
        "Herkunft",
        "Sexuelle Orientierung",
        "Genetische Daten",
        "ÄRZTLICHE DIAGNOSEN",
        "Pflegegrad",
    ],
)
def test_a_category_that_sounds_special_must_be_marked(text: str) -> None:
    assert rows_found(ProcessingActivity(data=[DataCategory(text=text)]), "VVT-019") == [text]
    assert len(found(ProcessingActivity(data=[DataCategory(text=text, special=False)]), "VVT-019")) == 1
    assert found(ProcessingActivity(data=[DataCategory(text=text, special=True)]), "VVT-019") == []


@pytest.mark.parametrize(
    "text",
    [
        "Aktenzeichen des Gesundheitsamts",
        "Herkunft der Daten",
        "Krankenkasse",
        "Verkehrsbehinderungen",
        "Kontakt zur Schwerbehindertenvertretung",
        "Kirchengemeinde als Grundstücksnachbarin",
        "Stammdaten ohne Religionszugehörigkeit",
        "Verfahrensparteien",
        "Kommunalpolitischer Beschluss",
        "Geschlecht",
    ],
)
def test_a_category_that_only_resembles_a_special_one_is_left_alone(text: str) -> None:
    assert found(ProcessingActivity(data=[DataCategory(text=text)]), "VVT-019") == []


def test_a_health_office_among_the_recipients_is_no_category_of_data() -> None:
    office = Recipient(text="Gesundheitsamt", kind=RecipientKind.INTERNAL)
    assert found(ProcessingActivity(recipients=[office]), "VVT-019") == []


def test_five_exceptions_need_a_norm_and_five_rest_on_themselves() -> None:
    data = [DataCategory(text=one.name, special=True, exception=one) for one in SpecialException]
    assert rows_found(ProcessingActivity(data=data), "VVT-018") == [
        "EMPLOYMENT",
        "PUBLIC_INTEREST",
        "HEALTH_CARE",
        "PUBLIC_HEALTH",
        "RESEARCH",
    ]


def test_under_the_ji_part_neither_article_nine_nor_ten_is_asked_for() -> None:
    data = [
        DataCategory(text="Blutalkohol", special=True, exception_norm="LDSG SH, Abschnitt 3"),
        DataCategory(text="Tatvorwurf", criminal=True),
    ]
    for regime, rules in ((Regime.POLICE, []), (Regime.GDPR, ["VVT-017", "VVT-020"])):
        entry = ProcessingActivity(data=data, regime=regime)
        assert [id for id in ("VVT-017", "VVT-020") if found(entry, id)] == rules


@pytest.mark.parametrize(
    "criteria",
    [
        "nach Zweckfortfall",
        "gesetzlich",
        "gemäß den gesetzlichen Aufbewahrungsfristen",
        "sobald die Daten nicht mehr benötigt werden",
        "nach Wegfall des Zwecks der Verarbeitung",
        "gem. den jeweils geltenden Vorschriften",
    ],
)
def test_criteria_that_hold_for_all_data_are_vague(criteria: str) -> None:
    entry = ProcessingActivity(data=[DataCategory(text="Anträge", criteria=criteria)])
    assert objections(entry, "VVT-007") == [
        f"Für „Anträge“ ist nur allgemein gesagt, wann gelöscht wird: „{criteria}“."
    ]
    assert found(entry, "VVT-006") == []


@pytest.mark.parametrize(
    "criteria",
    [
        "nach Wegzug der Person",
        "gesetzlich, § 147 AO",
        "nach 10 Jahren",
        "mit Bestandskraft des Bescheids",
        "gemäß Löschkonzept Einwohnerwesen",
    ],
)
def test_criteria_that_name_an_event_a_period_or_a_provision_are_enough(criteria: str) -> None:
    assert found(ProcessingActivity(data=[DataCategory(text="Anträge", criteria=criteria)]), "VVT-007") == []


def test_vague_words_beside_a_provision_do_no_harm() -> None:
    data = DataCategory(text="Buchungsbelege", criteria="gesetzliche Frist", period_norm="§ 147 Abs. 3 AO")
    assert found(ProcessingActivity(data=[data]), "VVT-007") == []


def test_the_kind_of_start_is_start_enough() -> None:
    data = DataCategory(text="Bescheide", period=Span(10, TimeUnit.Y), start_type=StartType.END_OF_CASE)
    assert found(ProcessingActivity(data=[data]), "VVT-008") == []


# --- Recipients ----------------------------------------------------------------------------------


def test_a_processor_is_a_recipient() -> None:
    assert found(ProcessingActivity(processors=[Processor(name="Kommunales Rechenzentrum")]), "VVT-004") == []


def test_an_empty_row_is_no_recipient() -> None:
    assert found(ProcessingActivity(recipients=[Recipient()]), "VVT-004") == [Hit()]


def test_whoever_says_that_there_are_no_recipients_has_answered() -> None:
    assert found(ProcessingActivity(no_recipients=True), "VVT-004") == []
    assert found(ProcessingActivity(no_recipients=False), "VVT-004") == [Hit()]


# --- Transfers -----------------------------------------------------------------------------------


def transfer(country: str | None, **facts: Any) -> ProcessingActivity:
    where = COUNTRIES[country] if country else None
    return ProcessingActivity(recipients=[Recipient(text="Empfänger", country=where, **facts)])


def on(day: date) -> Situation:
    return Situation(day)


TRANSFER_RULES = ("TRF-001", "TRF-002", "TRF-003", "TRF-004", "TRF-005", "TRF-006")


@pytest.mark.parametrize("country", sorted(EEA))
def test_nothing_inside_the_eea_is_a_transfer(country: str) -> None:
    for basis in (None, *TransferBasis):
        entry = transfer(country, transfer_basis=basis)
        assert [id for id in TRANSFER_RULES if found(entry, id)] == []


def test_a_recipient_without_a_country_is_not_judged() -> None:
    for basis in (None, *TransferBasis):
        assert [id for id in TRANSFER_RULES if found(transfer(None, transfer_basis=basis), id)] == []


@pytest.mark.parametrize("country", ["US", "CH", "GB", "XO"])
def test_every_country_outside_the_eea_needs_a_basis(country: str) -> None:
    [said] = objections(transfer(country), "TRF-001")
    assert said == (
        "„Empfänger“ liegt außerhalb des Europäischen Wirtschaftsraums, "
        "aber die Grundlage der Übermittlung fehlt."
    )


def test_adequacy_ends_with_the_last_day_of_the_decision() -> None:
    entry = transfer("GB", transfer_basis=TransferBasis.ADEQUACY)
    assert found(entry, "TRF-002", on(date(2031, 12, 27))) == []
    assert rows_found(entry, "TRF-002", on(date(2031, 12, 28))) == ["Empfänger"]


def test_adequacy_begins_with_the_decision() -> None:
    entry = transfer("BR", transfer_basis=TransferBasis.ADEQUACY)
    assert rows_found(entry, "TRF-002", on(date(2026, 1, 25))) == ["Empfänger"]
    assert found(entry, "TRF-002", on(date(2026, 1, 26))) == []


def test_a_certification_ends_with_its_last_day() -> None:
    entry = transfer(
        "US",
        transfer_basis=TransferBasis.ADEQUACY,
        dpf_checked=date(2026, 2, 1),
        dpf_until=date(2026, 9, 30),
    )
    assert found(entry, "TRF-003", on(date(2026, 9, 30))) == []
    assert rows_found(entry, "TRF-003", on(date(2026, 10, 1))) == ["Empfänger"]


def test_a_certification_looked_up_without_an_end_counts_for_a_year() -> None:
    entry = transfer("US", transfer_basis=TransferBasis.ADEQUACY, dpf_checked=date(2025, 6, 1))
    assert found(entry, "TRF-003", on(date(2026, 6, 1))) == []
    assert rows_found(entry, "TRF-003", on(date(2026, 6, 2))) == ["Empfänger"]


def test_an_end_that_nobody_looked_up_shows_no_certification() -> None:
    entry = transfer("US", transfer_basis=TransferBasis.ADEQUACY, dpf_until=date(2027, 1, 1))
    assert rows_found(entry, "TRF-003") == ["Empfänger"]


def test_before_the_framework_adequacy_itself_is_missing_not_the_certification() -> None:
    entry = transfer("US", transfer_basis=TransferBasis.ADEQUACY)
    assert rows_found(entry, "TRF-002", on(date(2023, 7, 9))) == ["Empfänger"]
    assert found(entry, "TRF-003", on(date(2023, 7, 9))) == []


def test_each_gap_in_the_clauses_is_named_and_a_missing_assessment_weighs_less() -> None:
    entry = transfer("IN", transfer_basis=TransferBasis.SCC)
    assert [(hit.words["field"], hit.severity) for hit in found(entry, "TRF-004")] == [
        ("scc_module", None),
        ("scc_date", None),
        ("tia_date", Severity.WARNING),
    ]
    assert objections(entry, "TRF-004")[2] == (
        "„Empfänger“ stützt sich auf Standarddatenschutzklauseln, "
        "aber „Transfer-Folgenabschätzung vom“ ist nicht angegeben."
    )


@pytest.mark.parametrize("basis", [one for one in TransferBasis if one is not TransferBasis.SCC])
def test_only_the_clauses_of_2021_have_a_module(basis: TransferBasis) -> None:
    assert found(transfer("IN", transfer_basis=basis), "TRF-004") == []


def test_only_the_framework_asks_for_a_certification() -> None:
    assert found(transfer("CH", transfer_basis=TransferBasis.ADEQUACY), "TRF-003") == []


def test_chapter_five_does_not_judge_transfers_under_the_ji_part() -> None:
    entry = transfer("US")
    entry.regime = Regime.POLICE
    assert found(entry, "TRF-001") == []


def test_places_and_further_processors_are_judged_row_by_row() -> None:
    processor = Processor(
        name="Kommunales Rechenzentrum",
        country=COUNTRIES["DE"],
        locations=[
            ProcessingLocation(place="Hamburg", country=COUNTRIES["DE"]),
            ProcessingLocation(place="Zürich", country=COUNTRIES["CH"]),
        ],
        sub_processors=[SubProcessor(company="Cloud Inc.", country=COUNTRIES["US"])],
    )
    hits = found(processor, "TRF-001")
    assert [hit.part for hit in hits] == [processor.locations[1], processor.sub_processors[0]]
    assert [hit.words for hit in hits] == [{"what": "Zürich"}, {"what": "Cloud Inc."}]


def test_a_seat_outside_the_eea_is_judged_until_a_place_there_states_the_basis() -> None:
    seat = Processor(name="Cloud Inc.", country=COUNTRIES["US"])
    place = ProcessingLocation(
        place="Fernwartung",
        country=COUNTRIES["US"],
        transfer_basis=TransferBasis.SCC,
        scc_module=SccModule.C2P,
    )
    assert found(seat, "TRF-001") == [Hit(words={"what": "Cloud Inc."})]
    assert found(Processor(name="Cloud Inc.", country=COUNTRIES["US"], locations=[place]), "TRF-001") == []


# --- Processors ----------------------------------------------------------------------------------


def used_at(stage: Stage | None, state: State = State.RELEASED) -> ProcessingActivity:
    return ProcessingActivity(name="Lohnabrechnung", stage=stage, state=state)


def using(*activities: ProcessingActivity, today: date = TODAY) -> Situation:
    return Situation(today, near={"ProcessingActivity": activities})


def contract(state: ContractState | None, until: date | None = None) -> Processor:
    return Processor(instrument=Instrument.CONTRACT, contract_state=state, valid_until=until)


def test_a_processor_that_nobody_uses_needs_no_contract_yet() -> None:
    assert found(Processor(), "AVV-001") == []


@pytest.mark.parametrize(
    "activity", [used_at(Stage.RETIRED), used_at(Stage.OPERATION, State.ENDED)], ids=["retired", "ended"]
)
def test_an_activity_of_the_past_does_not_count_as_use(activity: ProcessingActivity) -> None:
    assert found(Processor(), "AVV-001", using(activity)) == []


@pytest.mark.parametrize("stage", [None, Stage.PLANNED, Stage.TEST, Stage.OPERATION])
def test_whoever_is_used_needs_a_contract(stage: Stage | None) -> None:
    assert found(Processor(), "AVV-001", using(used_at(stage))) == [Hit()]


def test_a_law_counts_as_instrument_once_it_is_named() -> None:
    situation = using(used_at(Stage.OPERATION))
    unnamed = Processor(instrument=Instrument.STATUTE)
    named = Processor(instrument=Instrument.STATUTE, document="§ 4 der Verbandssatzung")
    assert found(unnamed, "AVV-001", situation) == [Hit()]
    assert found(named, "AVV-001", situation) == []
    assert found(named, "AVV-002", situation) == []


@pytest.mark.parametrize(
    "state",
    [None, ContractState.DRAFT, ContractState.REVIEW, ContractState.TERMINATED, ContractState.EXPIRED],
)
def test_operation_needs_a_signed_contract(state: ContractState | None) -> None:
    assert found(contract(state), "AVV-002", using(used_at(Stage.OPERATION))) == [Hit()]
    assert found(contract(state), "AVV-002", using(used_at(Stage.PLANNED))) == []


def test_a_contract_ends_with_its_last_day() -> None:
    signed = contract(ContractState.SIGNED, until=date(2026, 12, 31))
    activity = used_at(Stage.OPERATION)
    assert found(signed, "AVV-002", using(activity, today=date(2026, 12, 31))) == []
    assert found(signed, "AVV-002", using(activity, today=date(2027, 1, 1))) == [Hit()]


def test_a_terminated_contract_holds_to_the_end_of_its_term() -> None:
    terminated = contract(ContractState.TERMINATED, until=date(2026, 12, 31))
    assert found(terminated, "AVV-002", using(used_at(Stage.OPERATION))) == []


def test_a_missing_contract_is_not_reported_as_unsigned_too() -> None:
    assert found(Processor(), "AVV-002", using(used_at(Stage.OPERATION))) == []


def test_the_open_clauses_are_listed_in_one_finding() -> None:
    processor = Processor(**{f"clause_{letter}": True for letter in "abcef"}, clause_g=False)
    assert objections(processor, "AVV-003") == [
        "Nicht bestätigt ist, dass der Vertrag diese Inhalte nach Art. 28 Abs. 3 regelt: d, g, h."
    ]


# --- Contracts and their care --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "severity"),
    [
        (LegalBasis.PUBLIC_TASK, None),
        (LegalBasis.LEGAL_OBLIGATION, None),
        (LegalBasis.CONSENT, Severity.WARNING),
        (LegalBasis.CONTRACT, Severity.WARNING),
    ],
)
def test_a_closed_derogation_weighs_less_where_no_public_power_is_exercised(
    basis: LegalBasis, severity: Severity | None
) -> None:
    entry = transfer("IN", transfer_basis=TransferBasis.CONSENT)
    entry.purposes = [Purpose(text="Versand des Newsletters", legal_basis=basis)]
    assert [hit.severity for hit in found(entry, "TRF-006")] == [severity]
    assert found(entry, "TRF-006", Situation(TODAY, LegalForm.COMPANY)) == []


def test_measures_are_asked_for_only_where_the_assessment_requires_them() -> None:
    facts = {
        "transfer_basis": TransferBasis.SCC,
        "scc_module": SccModule.C2P,
        "scc_date": date(2025, 6, 1),
        "tia_date": date(2025, 6, 1),
    }
    assert [hit.words["field"] for hit in found(transfer("IN", **facts), "TRF-004")] == ["tia_result"]
    needed = transfer("IN", **facts, tia_result=TiaResult.WITH_MEASURES)
    assert [hit.words["field"] for hit in found(needed, "TRF-004")] == ["supplementary_measures"]
    needed.recipients[0].supplementary_measures = "Verschlüsselung mit eigenem Schlüssel"
    assert found(needed, "TRF-004") == []


def test_the_parents_of_further_processors_count_too() -> None:
    link = SubProcessor(company="Untertitel GmbH", parent_country=COUNTRIES["US"])
    home = SubProcessor(company="Daheim GmbH", parent_country=COUNTRIES["FR"])
    processor = Processor(name="Lernplattformen GmbH", sub_processors=[home, link])
    assert rows_found(processor, "TRF-008") == ["Untertitel GmbH"]


def test_a_law_has_no_term_but_needs_its_contents() -> None:
    by_law = Processor(instrument=Instrument.STATUTE, document="§ 4 der Satzung", data="Alle")
    assert [hit.words["field"] for hit in found(by_law, "AVV-004")] == ["subject_matter"]
    assert found(Processor(), "AVV-004") == []


def test_every_link_of_the_chain_works_for_somebody_in_it() -> None:
    links = [
        SubProcessor(company="Untertitel GmbH, Kiel"),
        SubProcessor(company="Server GmbH", works_for="Untertitel GmbH"),
        SubProcessor(company="Strom GmbH", works_for="Netz GmbH"),
        SubProcessor(company="Selbst GmbH", works_for="Selbst GmbH"),
    ]
    processor = Processor(authorisation=Authorisation.GENERAL, sub_processors=links)
    assert rows_found(processor, "AVV-005") == ["Strom GmbH", "Selbst GmbH"]


def test_a_general_authorisation_needs_the_list_or_the_statement_that_there_is_none() -> None:
    processor = Processor(name="Archiv GmbH", authorisation=Authorisation.GENERAL)
    [hit] = found(processor, "AVV-005")
    assert hit.severity is Severity.WARNING
    processor.no_sub_processors = True
    assert found(processor, "AVV-005") == []


@pytest.mark.parametrize(
    ("last", "next_", "due"),
    [
        (None, None, True),
        (date(2024, 11, 22), None, True),
        (date(2024, 11, 23), None, False),
        (date(2020, 1, 1), date(2026, 11, 23), False),
        (date(2026, 10, 1), date(2026, 11, 22), True),
    ],
)
def test_a_check_holds_to_the_agreed_day_or_for_two_years(
    last: date | None, next_: date | None, due: bool
) -> None:
    processor = Processor(last_audit=last, next_audit=next_)
    assert bool(found(processor, "AVV-006", using(used_at(Stage.OPERATION)))) is due
    assert found(processor, "AVV-006") == []


@pytest.mark.parametrize(
    ("notice", "signed", "awarded", "late"),
    [
        (None, None, None, True),
        (date(2025, 1, 19), date(2025, 1, 20), None, False),
        (date(2025, 1, 20), date(2025, 1, 20), None, True),
        (date(2025, 1, 19), date(2025, 1, 20), date(2025, 1, 10), True),
        (date(2025, 1, 19), None, None, False),
    ],
)
def test_notice_of_social_data_comes_before_the_award(
    notice: date | None, signed: date | None, awarded: date | None, late: bool
) -> None:
    processor = Processor(social_data=True, social_data_notice=notice, signed_on=signed, awarded_on=awarded)
    assert bool(found(processor, "AVV-007")) is late


def test_social_data_of_an_activity_ask_whether_the_contract_covers_them() -> None:
    activity = used_at(Stage.OPERATION)
    activity.secrecy = (Secrecy.SOCIAL,)
    [hit] = found(Processor(), "AVV-008", using(activity))
    assert hit.words == {"field": "social_data"}
    assert found(Processor(social_data=True), "AVV-008", using(activity)) == []


@pytest.mark.parametrize(
    ("ends", "hit"),
    [
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2027, 2, 21), True),
        (date(2027, 2, 22), False),
        (None, False),
    ],
)
def test_a_contract_in_use_that_ends_soon_is_pointed_out(ends: date | None, hit: bool) -> None:
    activity = used_at(Stage.OPERATION)
    assert bool(found(Processor(valid_until=ends), "AVV-009", using(activity))) is hit


@pytest.mark.parametrize(
    ("text", "kind", "hit"),
    [
        ("Mailings Inc., Madison", RecipientKind.COMPANY, True),
        ("Versand durch MAILINGS INC.", None, True),
        ("Mailings Incorporated", RecipientKind.COMPANY, False),
        ("Hauptmailings Inc.", RecipientKind.COMPANY, False),
        ("Mailings Inc.", RecipientKind.INTERNAL, False),
    ],
)
def test_a_processor_among_the_recipients_is_found_by_its_whole_name(
    text: str, kind: RecipientKind | None, hit: bool
) -> None:
    entry = ProcessingActivity(recipients=[Recipient(text=text, kind=kind)])
    situation = Situation(TODAY, near={"Processor": [Processor(name="Mailings Inc")]})
    assert bool(found(entry, "AVV-010", situation)) is hit


def test_a_missing_arrangement_weighs_more_than_a_missing_essence() -> None:
    joint = JointControllership(name="Plattform")
    assert [(hit.words["field"], hit.severity) for hit in found(joint, "JC-001")] == [
        ("arrangement", None),
        ("arranged_on", None),
        ("parties", Severity.WARNING),
        ("essence_available", Severity.WARNING),
    ]
