"""Delivering a file, and the template to fill in (DOMAIN.md §7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from config import personal_data
from config.errors import Fault, Refusal
from monitoring.measures import MEASURES
from monitoring.models import Area, MeasurementPlan, OfferingFact, Receipt
from monitoring.outcome_template import Row, write_template
from monitoring.periods import Period, quarter_of
from monitoring.received import Filled
from monitoring.services.delivery.deliveries import Mode, deliver
from monitoring.services.delivery.known import LIVED_IN, Sender

Labels = Callable[[Sequence[str]], dict[str, str]]


def deliver_file(
    *, found: Filled, sender: Sender, day: date, mode: Mode, dry_run: bool = False
) -> tuple[Receipt, bool]:
    """Store the reports of a file and give the receipt, which tells of faults by sheet, row and column."""
    return deliver(raws=found, sender=sender, day=day, channel="file", mode=mode, dry_run=dry_run)


@dataclass(frozen=True)
class Template:
    """What a template is filled with. rows: to be filled in. offerings: code → name. areas: code → name."""

    period: Period
    rows: tuple[Row, ...]
    offerings: dict[str, str]
    areas: dict[str, str]


def template_of(*, sender: Sender, period: Period, labels: Labels) -> Template:
    """A row per offering of the sender that ran in the period, measure its plan asks over such a period, and area."""
    facts = _running(sender, period)
    areas = _areas({fact.municipality_code for fact in facts})
    names = labels([fact.offering_code for fact in facts])
    rows = []
    for plan in _plans(facts, period):
        fact = next(fact for fact in facts if fact.offering_code == plan.offering_code)
        own = [code for code in fact.area_codes if code in areas] or [None]
        rows += [Row(plan.measure, plan.offering_code, area) for area in own]
    offerings = {fact.offering_code: names.get(fact.offering_code, fact.offering_code) for fact in facts}
    return Template(period, tuple(rows), offerings, areas)


@dataclass(frozen=True)
class TemplateFile:
    """A template written. rows: how many are there to fill in."""

    name: str
    content: bytes
    rows: int


def template_file(*, sender: Sender, period: Period | None, day: date, labels: Labels) -> TemplateFile:
    """The template for a period; for none the last quarter that is over."""
    current = quarter_of(day)
    period = period or _before(current)
    made = template_of(sender=sender, period=period, labels=labels)
    recent = [period, *(p for p in (current, _before(current)) if p != period)]
    content = write_template(
        period=period, rows=made.rows, offerings=made.offerings, areas=made.areas,
        periods=[one.short for one in recent],
    )  # fmt: skip
    return TemplateFile(f"uitkomsten-{period.short.replace('/', '-')}.xlsx", content, len(made.rows))


def _before(period: Period) -> Period:
    """The quarter before this one."""
    return quarter_of(period.start.replace(day=1) - (period.end - period.start) / 2)


def require_decent_name(name: str) -> None:
    """Raises Refusal when a file is named after somebody."""
    if personal_data.found_in(name):
        detail = _("In de naam van het bestand lijkt een persoonsgegeven te staan. Geef het een andere naam.")
        raise Refusal(detail, [Fault("Content-Disposition", "personal-data", detail, place="header")])


def _running(sender: Sender, period: Period) -> list[OfferingFact]:
    facts = OfferingFact.objects.filter(
        current=True, organisation_code__in={organisation for _city, organisation in sender.speaks_for},
        starts_on__lt=period.end,
    ).order_by("offering_code")  # fmt: skip
    return [
        fact
        for fact in facts
        if (fact.municipality_code, fact.organisation_code) in sender.speaks_for
        and (fact.ends_on is None or fact.ends_on > period.start)
    ]


def _plans(facts: Sequence[OfferingFact], period: Period) -> list[MeasurementPlan]:
    plans = MeasurementPlan.objects.filter(
        offering_code__in=[fact.offering_code for fact in facts], period_kind=period.kind, valid_from__lt=period.end
    )
    asked = {(p.measure, p.offering_code): p for p in plans if p.valid_until is None or p.valid_until > period.start}
    order = list(MEASURES)
    return [asked[key] for key in sorted(asked, key=lambda key: (order.index(key[0]), key[1]))]


def _areas(cities: set[str]) -> dict[str, str]:
    """Where participants may live: the neighbourhoods and larger areas of these municipalities."""
    rows = Area.objects.filter(municipality_code__in=cities, level__in=LIVED_IN).exclude(level="sub-neighbourhood")
    return dict(rows.order_by("code").values_list("code", "name_nl"))
