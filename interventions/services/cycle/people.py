"""What people add to an analysis names only what exists: domains, partners, factors and results (DOMAIN.md §9)."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from interventions.services.cycle.names import named_in, organisation_names

Json = dict[str, Any]


def check_people(*, people: Json, written: Json) -> None:
    """Raises Refusal with every code that neither the draft nor the register has. written: the draft it is about."""
    faults = [
        Fault(f"#/people{where}", code, _("Dit staat niet in deze analyse of in het register."), value=value)
        for key, code, known in _known(people, written)
        for where, value in named_in(people, key)
        if value not in known
    ]
    if faults:
        raise Refusal("", faults)


def _known(people: Json, written: Json) -> Iterator[tuple[str, str, Collection[str]]]:
    """Per key the code of its fault and the values that exist."""
    domains = {domain["code"] for pillar in written["pillars"] for domain in pillar["domains"]}
    partners = {code for _where, code in named_in(people, "partnerCodes")}
    behind = {one["factorCode"] for pillar in written["pillars"] for domain in pillar["domains"]
              for one in domain["factors"]}  # fmt: skip
    yield "domainCode", "unknown-domain", domains
    yield "partnerCodes", "unknown-organisation", organisation_names(partners)
    yield "factorCodes", "unknown-factor", behind | {one["factorCode"] for one in written["ranking"]}
    yield "resultIds", "unknown-result", {one["id"] for one in written["results"]}
