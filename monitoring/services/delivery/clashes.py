"""What right reports have against each other, or against what their sender calls by their name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Fault
from monitoring.free_text import safe
from monitoring.models import OutcomeReport
from monitoring.periods import Period
from monitoring.services.delivery.known import Checked
from monitoring.services.delivery.overlaps import OVERLAPS, others, told_beside

Key = tuple[Any, ...]  # offering, measure, start and kind of period, area
OTHER_ID = "known-by-other-id"


def clashes(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """What is wrong with reports of a delivery, each at its place in it; one fault each."""
    beside = dict(_of_two_kinds(found, path))
    yield from beside.items()
    yield from _by_name({number: one for number, one in found.items() if number not in beside}, path)


def _of_two_kinds(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """Reports over periods of different kinds that share days: which was meant is not ours to say."""
    kinds: dict[tuple[str, str], set[Period]] = {}
    for one in {report.series for report in found.values()}:
        kinds.setdefault((one.fact.offering_code, one.measure.code), set()).add(one.period)
    mixed = {about for about, periods in kinds.items() if any(not periods.isdisjoint(others(one)) for one in periods)}
    told: dict[tuple[str, ...], dict[int, Period]] = {}
    for number, (series, area, *_counts) in found.items() if mixed else ():
        about = series.fact.offering_code, series.measure.code
        if about in mixed:
            told.setdefault((*about, area), {})[number] = series.period
    for periods in told.values():
        for number, period in periods.items():
            if shared := set(others(period)).intersection(periods.values()):
                yield number, Fault(f"{path.format(number)}/period", OVERLAPS, told_beside(shared), value=period.short)


def _by_name(found: Mapping[int, Checked], path: str) -> Iterator[tuple[int, Fault]]:
    """The same report twice in one delivery, an own id that already names another report, and another own id for a
    report that has one: it keeps the id by which its sender knows it."""
    if len({one[:2] for one in found.values()}) == len(found) and not any(one.external_id for one in found.values()):
        return
    seen = set()
    taken, named = _own_ids(found.values())
    for number, report in found.items():
        own_id, key = (report.series.fact.organisation_code, report.external_id), (*report.series.key, report.area_code)
        at = f"{path.format(number)}/externalId"
        if key in seen:
            detail = _("Deze rapportage staat twee keer in de levering.")
            yield number, Fault(path.format(number), "duplicate-report", detail)
        elif report.external_id and taken.setdefault(own_id, key) != key:
            detail = _("Dit kenmerk gebruikte u al voor een andere rapportage.")
            yield number, Fault(at, "external-id-in-use", detail, value=safe(report.external_id))
        elif report.external_id and named.get(key, report.external_id) != report.external_id:
            detail = _(
                "Deze rapportage is bij ons bekend onder kenmerk %(known)s. Dat blijft zo: noem dat, of geen kenmerk."
            )
            yield number, Fault(at, OTHER_ID, detail % {"known": named[key]}, value=safe(report.external_id),
                                expected=safe(named[key]))  # fmt: skip
        seen.add(key)


def _own_ids(found: Iterable[Checked]) -> tuple[dict[tuple[str, str], Key], dict[Key, str]]:
    """(organisation, own id) → natural key, and the other way round: for the own ids of this delivery that are in use,
    and for its reports that have one. One query at most."""
    given = [report for report in found if report.external_id]
    if not given:
        return {}, {}
    owners, codes, measures, starts, areas, ids = map(set, zip(*(
        (one.series.fact.organisation_code, one.series.fact.offering_code, one.series.measure.code,
         one.series.period.start, one.area_code, one.external_id) for one in given), strict=True))  # fmt: skip
    same_id = Q(organisation_code__in=owners, external_id__in=ids)
    same_key = Q(offering_code__in=codes, measure__in=measures, period_start__in=starts, area_code__in=areas)
    reports = list(OutcomeReport.objects.filter(same_id | same_key).exclude(external_id=""))
    return {(r.organisation_code, r.external_id): _key(r) for r in reports}, {_key(r): r.external_id for r in reports}


def _key(report: OutcomeReport) -> Key:
    return report.offering_code, report.measure, report.period_start, report.period_kind, report.area_code
