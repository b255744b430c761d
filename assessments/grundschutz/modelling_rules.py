"""Whether the modelling of an information domain answers what data protection asks of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.grundschutz.domain import InformationDomain
from compliance.language import Text
from compliance.rules import Case, Heeds, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import TargetObject

RULES: Final = RuleBook(InformationDomain)

DATA_PROTECTION: Final = "CON.2"
"""The module Datenschutz; it is modelled once on the domain, never for each system."""
OUTSIDE: Final = ("OPS.2.2", "OPS.2.3")
"""The modules about the use of cloud services and of outsourcing."""

_MODULES: Final = Reads("Assignment", "domain", ("module_id", "target_id", "relevant"))
_OBJECT: Final = Heeds("TargetObject", ("status", "personal_data", "provider"))
_MOST_NAMED: Final = 5


def _in_use(domain: InformationDomain) -> list[Any]:
    living = (target for target in domain.objects if target.is_in_use)
    return sorted(living, key=lambda target: target.number or 0)


def _applied(situation: Situation) -> list[Any]:
    """Every assignment of a module that is not excluded."""
    return [row for row in situation.near.get(_MODULES.model, ()) if row.relevant is not False]


def _named(designations: list[str]) -> str:
    """As many running numbers as a reader takes in."""
    return ", ".join([*designations[:_MOST_NAMED], *(["…"] if len(designations) > _MOST_NAMED else [])])


_TARGET: Final = uuid.UUID(int=1)
_PROVIDER: Final = uuid.UUID(int=2)


def _domain(*modules: str, target: uuid.UUID | None = None, **facts: Any) -> Case:
    """An example: one application with personal data, to which, or to whose domain, *modules* are applied."""
    application = TargetObject(id=_TARGET, number=4, name="Kita-Portal", personal_data=True, **facts)
    rows = [SimpleNamespace(module_id=module, target_id=target, relevant=True) for module in modules]
    domain = InformationDomain(name="Kernverwaltung", objects=[application])
    return Case(domain, Situation(date(2026, 3, 2), near={"Assignment": rows}))


@RULES.rule(
    "XGS-004",
    Severity.WARNING,
    "IT-Grundschutz-Kompendium Edition 2023, CON.2 Datenschutz",
    field="objects",
    says=Text(
        "Hier werden personenbezogene Daten verarbeitet ({what}), aber der Baustein CON.2 Datenschutz wird "
        "nicht angewendet.",
        "Personal data are processed here ({what}), but the module CON.2 Data protection is not applied.",
    ),
    remedy=Text(
        "Ordnen Sie CON.2 einmal dem Informationsverbund als Ganzem zu.",
        "Assign CON.2 once to the information domain as a whole.",
    ),
    breaks=lambda: _domain("ORP.4"),
    keeps=lambda: _domain("CON.2"),
    reads=(_MODULES,),
    heeds=(_OBJECT,),
)
def _data_protection_is_modelled(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """A domain that is not modelled at all yet is the matter of GSC-003.

    Where only the statements of a provider are kept, the domain that uses the provider is asked.
    """
    if domain.operator_id is not None:
        return
    applied = {row.module_id for row in _applied(situation)}
    personal = [target.designation for target in _in_use(domain) if target.personal_data]
    if applied and personal and DATA_PROTECTION not in applied:
        yield Hit(words={"what": _named(personal)})


@RULES.rule(
    "XGS-007",
    Severity.WARNING,
    "Art. 28 DSGVO, IT-Grundschutz-Kompendium Edition 2023, OPS.2.2, OPS.2.3",
    field="providers",
    says=Text(
        "Dienstleister wirken mit ({what}), aber weder OPS.2.2 Cloud-Nutzung noch OPS.2.3 Nutzung von "
        "Outsourcing wird angewendet.",
        "Providers take part ({what}), but neither OPS.2.2 (cloud) nor OPS.2.3 (outsourcing) is applied.",
    ),
    remedy=Text(
        "Ordnen Sie je Dienst OPS.2.2 oder OPS.2.3 zu.", "Assign OPS.2.2 or OPS.2.3 for each service."
    ),
    breaks=lambda: _domain("CON.2", provider_id=_PROVIDER),
    keeps=lambda: _domain("CON.2", "OPS.2.3", provider_id=_PROVIDER),
    reads=(_MODULES,),
    heeds=(_OBJECT,),
)
def _outsourcing_is_modelled(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    if domain.operator_id is not None:
        return
    applied = {row.module_id for row in _applied(situation)}
    served = [target.designation for target in _in_use(domain) if target.provider_id]
    served += [provider.designation for provider in domain.providers]
    if applied and served and applied.isdisjoint(OUTSIDE):
        yield Hit(words={"what": _named(served)})


@RULES.rule(
    "XGS-008",
    Severity.WARNING,
    "Art. 28 Abs. 1, 3 DSGVO",
    field="objects",
    says=Text(
        "{place}: Der Baustein {module} wird angewendet, doch im Verzeichnis ist kein Dienstleister genannt.",
        "{place}: the module {module} is applied, but no provider of the register is named.",
    ),
    remedy=Text(
        "Legen Sie den Dienstleister unter „Auftragsverarbeiter“ an und nennen Sie ihn am Zielobjekt oder am "
        "Informationsverbund.",
        "Create the provider under “Processors”, and name it at the target object or the information domain.",
    ),
    breaks=lambda: _domain("OPS.2.2", target=_TARGET),
    keeps=lambda: _domain("OPS.2.2", target=_TARGET, provider_id=_PROVIDER),
    reads=(_MODULES,),
    heeds=(_OBJECT,),
)
def _services_have_providers(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """On the domain as a whole any provider will do; where no personal data are, none need be a processor."""
    objects = _in_use(domain)
    any_provider = bool(domain.providers) or any(target.provider_id for target in objects)
    any_data = any(target.personal_data for target in objects)
    by_id = {target.id: target for target in objects}
    for row in sorted(_applied(situation), key=lambda row: row.module_id):
        if row.module_id not in OUTSIDE:
            continue
        target = by_id.get(row.target_id)
        if row.target_id is None and any_data and not any_provider:
            yield Hit(words={"place": domain.designation, "module": row.module_id})
        elif target is not None and target.personal_data and target.provider_id is None:
            yield Hit(words={"place": target.designation, "module": row.module_id})
