"""Plans of action and improvement actions: checks before writing, and what to look at again (DOMAIN.md §9)."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Fault, NotFound, Refusal
from config.ledger import records
from config.stores import StoreAway
from factors import public as factors
from interventions.facts import plain
from interventions.models import ImprovementAction, InterventionFactor, Offering
from interventions.services.cycle.names import codes_in, named_in, organisation_names
from monitoring import public as monitoring

STORE = "default"
Content = dict[str, Any]


@dataclass(frozen=True)
class Note:
    """Something worth a second look in a plan; never a refusal. code: a key of NOTES in api/cycle_plan_shapes.py."""

    code: str
    location: str
    value: str


def check_plan(*, content: Content, municipality_code: str) -> None:
    """Raises Refusal with every code of the plan that this municipality does not have.

    What the other store keeps is taken as given while that store is away.
    """
    unknown = _("Dit kennen wij niet in deze gemeente.")
    faults = [
        Fault(f"#/plan{where}", code, unknown, value=value)
        for key, (code, known) in _known(content, municipality_code).items() if known is not None
        for where, value in named_in(content, key) if value not in known
    ]  # fmt: skip
    if faults:
        raise Refusal("", faults)


def _known(content: Content, municipality_code: str) -> dict[str, tuple[str, Collection[str] | None]]:
    """Per key the code of its fault and the values that exist; None where that cannot be asked now."""
    offerings = Offering.objects.filter(municipality_code=municipality_code, code__in=_offerings(content))
    results = measures = None
    with suppress(StoreAway):
        asked = any(named_in(content, "resultId"))
        results = monitoring.result_statements(municipality_code=municipality_code) if asked else {}
        measures = monitoring.measure_labels(codes=codes_in(content, "measure"))
    return {
        "offeringCode": ("unknown-offering", set(offerings.values_list("code", flat=True))),
        "factorCodes": ("unknown-factor", factors.factor_labels(codes=codes_in(content, "factorCodes"))),
        "organisationCodes": ("unknown-organisation", organisation_names(codes_in(content, "organisationCodes"))),
        "resultId": ("unknown-result", results),
        "measure": ("unknown-measure", measures),
    }


def _offerings(content: Content) -> list[str]:
    return sorted(codes_in(content, "offeringCode"))


def notes_on(content: Content) -> list[Note]:
    """Factors that an offering does not work on as far as is known, offerings of which nothing will be measured, and
    agreements that make no measurement plan because the measure does not fit the type of service."""
    codes = _offerings(content)
    offerings = {row[0]: row[1:] for row in Offering.objects.filter(code__in=codes).values_list(
        "code", "intervention_id", "service_type_id")}  # fmt: skip
    return [*_idle_factors(content, offerings), *_unmeasured(content), *_misfits(content, offerings)]


def _idle_factors(content: Content, offerings: dict[str, tuple[str, str]]) -> Iterator[Note]:
    works: dict[str, set[str]] = {}
    links = InterventionFactor.objects.filter(intervention__in=[method for method, _type in offerings.values()])
    for method, factor in links.values_list("intervention_id", "factor_code"):
        works.setdefault(method, set()).add(factor)
    for place, one in enumerate(content["soThats"]):
        if one["offeringCode"] in offerings:
            known = works.get(offerings[one["offeringCode"]][0], set())
            for factor in sorted(set(one["factorCodes"]) - known):
                yield Note("factor-not-worked-on", f"#/soThats/{place}/factorCodes", factor)


def _unmeasured(content: Content) -> Iterator[Note]:
    measured = {one["offeringCode"] for one in content["outcomeAgreements"]}
    for place, one in enumerate(content["soThats"]):
        if one["offeringCode"] and one["offeringCode"] not in measured:
            yield Note("nothing-measured", f"#/soThats/{place}/offeringCode", one["offeringCode"])


def _misfits(content: Content, offerings: dict[str, tuple[str, str]]) -> Iterator[Note]:
    for place, one in enumerate(content["outcomeAgreements"]):
        _method, service_type = offerings.get(one["offeringCode"], ("", ""))
        if service_type and one["measure"] not in monitoring.measures_that_fit(service_type=service_type):
            yield Note("measure-does-not-fit", f"#/outcomeAgreements/{place}/measure", one["measure"])


def create_action(*, action: ImprovementAction, actor: str) -> ImprovementAction:
    """Store a new improvement action."""
    with transaction.atomic(using=STORE):
        action.save(force_insert=True)
        action.refresh_from_db()
        _audit(action, "created", actor, None)
    return action


def change_action(
    *, action_id: UUID, own: Q, seen: Callable[[ImprovementAction], None], given: dict[str, Any], actor: str
) -> ImprovementAction:
    """Replace what may change of an action. The row is held: no update is lost. Raises NotFound."""
    with transaction.atomic(using=STORE):
        action = ImprovementAction.objects.select_for_update().filter(own, id=action_id).first()
        if action is None:
            raise NotFound()
        seen(action)
        before = plain(action)
        for name, value in given.items():
            setattr(action, name, value)
        action.version += 1
        action.save()
        _audit(action, "updated", actor, before)
    return action


def _audit(action: ImprovementAction, what: str, actor: str, before: Any) -> None:
    records.audit(store=STORE, actor=actor, action=what, resource="improvement-actions", resource_code=str(action.id),
                  municipality_code=action.municipality_code, before=before, after=plain(action))  # fmt: skip


def overdue(day: date) -> Q:
    """Actions that should have been finished by now."""
    return Q(due_on__lt=day, status__in=["open", "busy"])
