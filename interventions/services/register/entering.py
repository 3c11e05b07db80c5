"""What people enter: every fault at once, then the same services that every write goes through."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound, Refusal
from interventions.models import Agreement, Intervention, Offering, Organisation
from interventions.services import register
from interventions.services.register import checking
from interventions.services.register.announcing import STORE

Values = dict[str, Any]


class AlreadyThere(Conflict):
    code = "already-exists"


def enter_organisation(*, values: Values, faults: Iterable[Fault], new: bool, actor: str) -> Organisation:
    """Create (new) or replace an organisation. Raises Refusal with the faults given, AlreadyThere."""
    return _enter(Organisation, values, list(faults), new, lambda one: register.save_organisation(
        organisation=one, actor=actor))  # fmt: skip


def enter_offering(
    *, values: Values, faults: Iterable[Fault], new: bool, actor: str, municipalities: Collection[str]
) -> Offering:
    """Create or replace an offering of one of these municipalities. Raises NotFound for any other."""
    _own(values, municipalities)
    found = [*faults, *_only(checking.offering_faults([values]))]
    if not new:
        found += _only(checking.moved_faults([values]))
    return _enter(Offering, values, found, new, lambda one: register.save_offering(offering=one, actor=actor))


def enter_agreement(
    *, values: Values, faults: Iterable[Fault], new: bool, actor: str, municipalities: Collection[str]
) -> Agreement:
    """Create or replace an agreement of one of these municipalities. Raises NotFound for any other."""
    _own(values, municipalities)
    found = [*faults, *_only(checking.agreement_faults([values]))]
    return _enter(Agreement, values, found, new, lambda one: register.save_agreement(agreement=one, actor=actor))


def enter_intervention(*, values: Values, faults: Iterable[Fault], new: bool, actor: str) -> Intervention:
    """Create or replace an intervention with its factors and its history of ladder levels."""
    links = values.pop("factors", {}).get("all", [])
    listings = values.pop("recognitions", {}).get("all", [])
    named = [{**link, "intervention_id": values.get("code", "")} for link in links]
    found = [
        *faults,
        *_only(checking.intervention_faults([values])),
        *_placed("factors", checking.link_faults(named)),
        *_placed("recognitions", checking.listing_faults(listings)),
    ]

    def save(one: Intervention) -> None:
        register.save_intervention(intervention=one, actor=actor)
        register.save_factors(intervention=one, links=[register.FactorLink(**link) for link in links], actor=actor)
        made = [register.listing_of(given) for given in listings]
        register.save_recognitions(intervention=one, listings=made, actor=actor)

    return _enter(Intervention, values, found, new, save)


def _only(found: checking.Found) -> Iterator[Fault]:
    """The faults of a single body."""
    return (fault for _number, fault in found)


def _placed(part: str, found: checking.Found) -> Iterator[Fault]:
    """The faults of the items of a list in a body."""
    for number, fault in found:
        yield replace(fault, location=f"#/{part}/{number}{fault.location.removeprefix('#')}")


def _enter(model: type[Any], values: Values, faults: list[Fault], new: bool, save: Any) -> Any:
    """Columns that nobody may enter (such as `demo`) keep what they were."""
    if faults:
        raise Refusal("", faults)
    with transaction.atomic(using=STORE):
        known = model.objects.filter(pk=values["code"]).first()
        if new and known is not None:
            detail = _("Deze code is al in gebruik.")
            raise AlreadyThere(detail, [Fault("#/code", AlreadyThere.code, detail, value=values["code"])])
        thing = known or model(code=values["code"])
        for name, value in values.items():
            setattr(thing, name, value)
        save(thing)
    return thing


def _own(values: Values, municipalities: Collection[str]) -> None:
    if "municipality_code" in values and values["municipality_code"] not in municipalities:
        raise NotFound()
