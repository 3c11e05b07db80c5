"""Whether what an indicator says it is about exists in the register (the other store)."""

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault
from factors import public as factors
from monitoring.indicator_documents import BadIndicator, Definition
from monitoring.models import IndicatorLink
from monitoring.nearest import nearest

MOST_NAMED = 3


def _domain_codes() -> frozenset[str]:
    return frozenset(domain.code for pillar in factors.pillars() for domain in pillar.domains)


CODES: dict[str, Callable[[], Collection[str]]] = {
    "factor": factors.factor_codes, "goal": factors.goal_codes, "domain": _domain_codes,
}  # fmt: skip


def check_links(definition: Definition) -> None:
    """Links that the indicator has already may stay: a code may have gone from the register since.

    Raises BadIndicator naming every link to what no published model has, StoreAway when that cannot be known.
    """
    kept = IndicatorLink.objects.filter(indicator=definition.indicator["code"])
    known = set(kept.values_list("target_kind", "target_code"))
    asked = [(at, row["target_kind"], row["target_code"]) for at, row in enumerate(definition.links)
             if (row["target_kind"], row["target_code"]) not in known]  # fmt: skip
    codes = {kind: CODES[kind]() for kind in {kind for _at, kind, _code in asked}}
    faults = [_fault(at, kind, code, codes[kind]) for at, kind, code in asked if code not in codes[kind]]
    if faults:
        raise BadIndicator(_("Dit bepaalt geen indicator: %(count)d fouten.") % {"count": len(faults)}, faults)


def _fault(at: int, kind: str, code: str, codes: Collection[str]) -> Fault:
    texts: dict[str, Any] = {
        "factor": _("De factor %(code)s staat in geen gepubliceerd model."),
        "goal": _("Het doel %(code)s staat in geen gepubliceerd model."),
        "domain": _("Het domein %(code)s bestaat niet."),
    }
    return Fault(f"#/links/{at}/targetCode", f"unknown-{kind}", texts[kind] % {"code": code}, value=code,
                 expected=nearest(code, codes, MOST_NAMED))  # fmt: skip
