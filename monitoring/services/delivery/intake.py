"""Checking delivered reports: every fault at once, in words a welfare worker understands (DOMAIN.md §7).

The one validation path: the API, files and the demo all come through here. Nothing is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import personal_data
from config.errors import Fault
from config.languages import pick
from monitoring.aggregation import UNKNOWN
from monitoring.completeness import CALENDAR
from monitoring.free_text import TEXT_LENGTH, safe, text_fault
from monitoring.measure_words import COMPONENTS, COMPONENTS_EN, SHEETS
from monitoring.measures import LARGEST, MEASURES, Broken, Counts, Measure, fits, whole_meant
from monitoring.nearest import nearest
from monitoring.period_guess import guessed
from monitoring.periods import DAY, BadPeriod, Period, parse, quarter_of
from monitoring.services.delivery import overlaps
from monitoring.services.delivery.known import CODE_LENGTH, Checked, Fact, Known, Plan, Series, is_code

FIELDS = ("offeringCode", "measure", "period", "areaCode", "counts", "externalId", "explanation")
ID_LENGTH = 200
MISSING = {
    "offeringCode": gettext_lazy("Noem het aanbod waar de cijfers over gaan."),
    "measure": gettext_lazy("Noem de maat: wat is er geteld?"),
    "period": gettext_lazy("Noem de periode, bijvoorbeeld 2026-Q1, 2026-03 of 2026."),
    "areaCode": gettext_lazy("Noem het gebied waar de deelnemers wonen, of 'unknown' als u dat niet weet."),
}
TEXTS = (("externalId", ID_LENGTH), ("explanation", TEXT_LENGTH))


def check(raw: Any, *, known: Known, path: str = "#") -> tuple[Checked | None, tuple[Fault, ...]]:
    """The report, or everything that is wrong with it. path: pointer to the report in the delivery."""
    if not isinstance(raw, dict):
        text = _("Hier hoort één rapportage te staan: een object met %(fields)s.") % {"fields": ", ".join(FIELDS[:5])}
        return None, (Fault(path, "not-an-object", text),)
    check = _Check(raw, known, path)
    checked = check.run()
    return (None, tuple(check.faults)) if check.faults else (checked, ())


def series_of(raw: dict[str, Any], *, known: Known) -> Series | None:
    """What offering, measure and period say together; None when something is wrong with them, or may be for an area."""
    return _Check(raw, known).series()


@dataclass
class _Check:
    raw: dict[str, Any]
    known: Known
    path: str = "#"
    faults: list[Fault] = field(default_factory=list)

    def run(self) -> Checked | None:
        self._unknown_fields(self.raw, FIELDS, "", _("Dit veld kennen wij niet."))
        fact = self._offering()
        measure = self._measure(fact)
        period = self._period(fact, measure)
        area = self._area(fact)
        if fact and measure and period and area:
            self._counted_beside(fact, measure, period, area)
        counts = self._counts(measure)
        external = self._text("externalId", ID_LENGTH)
        explanation = self._text("explanation", TEXT_LENGTH)
        if fact and measure and period and area and counts and not self.faults:
            return Checked(self.known.one_series(fact, measure, period), area, counts, external, explanation)
        return None

    def series(self) -> Series | None:
        fact = self._offering()
        measure = self._measure(fact)
        period = self._period(fact, measure)
        if fact and measure and period and not self.faults and not self.known.beside(fact, measure, period):
            return self.known.one_series(fact, measure, period)
        return None

    def _fault(self, at: str, code: str, detail: str, value: Any = None, expected: Any = None) -> None:
        self.faults.append(Fault(f"{self.path}{at}", code, detail, value=safe(value), expected=expected))

    def _unknown_fields(self, given: dict[str, Any], known: Sequence[str], at: str, detail: str) -> None:
        for name in given:
            if name not in known:
                shown = safe(name)
                pointer = f"{at}/{shown.replace('~', '~0').replace('/', '~1')}" if shown else at
                self._fault(pointer, "unknown-field", detail, expected=list(known))

    def _code(self, name: str) -> str | None:
        """A required text that can be a code."""
        value = self.raw.get(name)
        if value is None or value == "":
            self._fault(f"/{name}", "required", str(MISSING[name]))
        elif not isinstance(value, str) or not is_code(value):
            detail = _("Geef hier een korte tekst van hoogstens %(n)d tekens.") % {"n": CODE_LENGTH}
            self._fault(f"/{name}", "not-a-code", detail, value)
        else:
            return value
        return None

    def _offering(self) -> Fact | None:
        code = self._code("offeringCode")
        fact = self.known.facts.get(code) if code else None
        if code and fact is None:
            detail = _("Wij kennen geen aanbod van uw organisatie met deze code.")
            self._fault("/offeringCode", "unknown-offering", detail, code, self.known.near(code, self.known.own_codes))
        return fact

    def _measure(self, fact: Fact | None) -> Measure | None:
        code = self._code("measure")
        if code is None:
            return None
        fitting = [fit.measure for fit in fits().get(fact.service_type, ())] if fact else list(MEASURES)
        if code not in MEASURES:
            wanted = nearest(code, fitting, len(fitting), SHEETS)
            self._fault("/measure", "unknown-measure", _("Deze maat kennen wij niet."), code, wanted)
        elif code not in fitting and not (fact and self._plans(fact, code)):  # a plan says when it was asked
            detail = _("Deze maat hoort niet bij dit soort dienst.")
            self._fault("/measure", "measure-does-not-fit", detail, code, fitting)
        return MEASURES.get(code)

    def _period(self, fact: Fact | None, measure: Measure | None) -> Period | None:
        text = self._code("period")
        if text is None:
            return None
        try:
            period = parse(text)
            if period.kind not in CALENDAR:
                raise BadPeriod(text)
        except BadPeriod:
            self._not_a_period(text)
            return None
        if period.start > self.known.day:
            self._fault("/period", "period-in-future", _("Deze periode is nog niet begonnen."), text)
        if fact:
            self._period_of_offering(fact, measure, period, text)
        return period

    def _not_a_period(self, text: str) -> None:
        """With what was most likely meant, else with the last quarter as an example."""
        meant = guessed(text)
        if meant is not None and meant.kind in CALENDAR:
            detail = _("Zo lezen wij geen periode. Bedoelt u %(period)s? Schrijf het dan zo.") % {"period": meant.short}
        else:
            detail = _("Dit is geen periode. Schrijf bijvoorbeeld 2026-Q1, 2026-03 of 2026.")
            meant = quarter_of(quarter_of(self.known.day).start - DAY)
        self._fault("/period", "not-a-period", detail, text, meant.short)

    def _period_of_offering(self, fact: Fact, measure: Measure | None, period: Period, text: str) -> None:
        if period.end <= fact.starts_on or (fact.ends_on is not None and period.start >= fact.ends_on):
            detail = _("In deze periode liep dit aanbod niet.")
            running = f"{fact.starts_on}/{fact.ends_on or '..'}"
            self._fault("/period", "offering-not-active", detail, text, running)
            return
        plans = self._plans(fact, measure.code) if measure else []
        asked = [plan for plan in plans if plan.overlaps(period.start, period.end)]
        if plans and not asked:
            detail = _("Het meetplan vraagt deze maat niet over deze periode.")
            validity = [f"{plan.valid_from}/{plan.valid_until or '..'}" for plan in plans]
            self._fault("/period", "measure-not-in-plan", detail, text, validity)
        elif asked and period.kind not in {plan.period_kind for plan in asked}:
            detail = _("Het meetplan vraagt voor deze maat een andere soort periode.")
            self._fault("/period", "period-not-in-plan", detail, text, _asked_instead(asked, period))

    def _plans(self, fact: Fact, measure: str) -> list[Plan]:
        return [plan for plan in self.known.plans.get(fact.offering_code, ()) if plan.measure == measure]

    def _area(self, fact: Fact | None) -> str | None:
        code = self._code("areaCode")
        if code in (None, UNKNOWN):
            return code
        city = self.known.areas.get(code or "")
        if city is None or (fact and city != fact.municipality_code):
            self._unknown_area(code or "")
        return code

    def _unknown_area(self, code: str) -> None:
        called = self.known.areas_called(code)
        if len(called) == 1:
            detail = _("Dit is de naam van een gebied. Schrijf de code: %(code)s.") % {"code": called[0]}
        elif called:
            detail = _("Meer dan één gebied heet zo. Schrijf de code van het gebied dat u bedoelt.")
        else:
            detail = _("Dit gebied kennen wij niet in uw gemeente. Gebruik 'unknown' als de woonplaats onbekend is.")
        wanted = called or [*self.known.near(code, self.known.home_areas), UNKNOWN]
        self._fault("/areaCode", "unknown-area", detail, code, wanted)

    def _counted_beside(self, fact: Fact, measure: Measure, period: Period, area: str) -> None:
        """Only when nothing else is wrong with the period: then it may be another one."""
        counted = [one for one, areas in self.known.beside(fact, measure, period) if area in areas]
        if counted and not any(fault.location == f"{self.path}/period" for fault in self.faults):
            self._fault("/period", overlaps.OVERLAPS, overlaps.told_already(counted), self.raw["period"])

    def _counts(self, measure: Measure | None) -> Counts | None:
        given = self.raw.get("counts")
        names = list(measure.names) if measure else None
        if given and not isinstance(given, dict):
            detail = _('Geef de aantallen per onderdeel: een object als {"started": 12}.')
            self._fault("/counts", "required", detail, expected=names)
            return None
        if not given:
            self._fault("/counts", "required", _("Geef ten minste één aantal."), expected=names)
            return None
        if measure is None:
            return None
        self._unknown_fields(given, measure.names, "/counts", _("Dit onderdeel hoort niet bij deze maat."))
        named = {name: self._count(name, given[name]) for name in measure.names if name in given}
        if named and all(value is None for value in given.values()):
            self._fault("/counts", "required", _("Geef ten minste één aantal."), expected=list(measure.names))
        named = self._distribution(measure, named)
        for broken in measure.broken(named):
            self._broken(broken)
        return tuple(named.get(name) for name in measure.names)

    def _count(self, name: str, value: Any) -> int | None:
        if value is None:
            return None
        whole = value if isinstance(value, int) and not isinstance(value, bool) else None
        if isinstance(value, float) and value.is_integer():
            whole = int(value)
        if whole is None:
            self._fault(f"/counts/{name}", "not-whole", _not_whole(value), value, whole_meant(value))
        elif whole < 0:
            self._fault(f"/counts/{name}", "negative", _("Een aantal kan niet onder nul liggen."), value, 0)
        elif whole > LARGEST:
            self._fault(f"/counts/{name}", "too-large", _("Dit aantal is te groot."), value, LARGEST)
        else:
            return whole
        return None

    def _distribution(self, measure: Measure, named: dict[str, int | None]) -> dict[str, int | None]:
        """A level that is left out of a distribution was given by nobody; one that says null is a contradiction."""
        if not any(level in named for level in measure.levels):
            return named
        for level in measure.levels:
            if level in self.raw["counts"] and self.raw["counts"][level] is None:
                detail = _("Een verdeling moet compleet zijn: geef 0 als niemand dit antwoord gaf.")
                self._fault(f"/counts/{level}", "incomplete-distribution", detail, expected=0)
        return {**dict.fromkeys(measure.levels, 0), **named}

    def _broken(self, broken: Broken) -> None:
        texts: dict[str, Callable[[], str]] = {
            "part-exceeds-whole": lambda: _("%(part)s (%(value)d) kan niet hoger zijn dan %(whole)s (%(limit)d)."),
            "distribution-exceeds-participants": lambda: _(
                "De verdeling telt op tot %(value)d, meer dan de %(limit)d deelnemers (%(whole)s)."
            ),
        }
        words = {"part": part_name(broken.component), "whole": part_name(broken.whole)}
        detail = texts[broken.code]() % (words | {"value": broken.value, "limit": broken.limit})
        self._fault(f"/counts/{broken.component}", broken.code, detail, broken.value, broken.limit)

    def _text(self, name: str, longest: int) -> str:
        value = self.raw.get(name)
        if value is None:
            return ""
        if fault := text_fault(value, f"{self.path}/{name}", longest):
            self.faults.append(_of_own_id(fault, value) if name == "externalId" else fault)
        return value.strip() if isinstance(value, str) else ""


def part_name(component: str) -> str:
    """A part of a measure as people call it: as above its column of the template, or in English."""
    return pick(COMPONENTS[component], COMPONENTS_EN[component])


def _of_own_id(fault: Fault, value: Any) -> Fault:
    """A client is often called by initials and a day of birth, a delivery by the day of its making: a full date in an
    own id may be either, so it is refused as anywhere (conventions.md §6), with what is taken instead."""
    if fault.code != "personal-data" or personal_data.found_in(value) != ("date",):
        return fault
    detail = _("Een volledige datum in een kenmerk kan een geboortedatum zijn. 2026-07 of 2026-Q3 mag wel.")
    return replace(fault, detail=detail)


def _not_whole(value: Any) -> str:
    if isinstance(value, str) and value.startswith("="):
        return _("Formules rekenen wij niet uit. Zet hier de uitkomst: een heel getal.")
    return _("Geef een heel getal, zonder tekst, punt of komma.")


def _asked_instead(asked: Sequence[Plan], period: Period) -> list[str]:
    """The periods that the plans do ask, where this one begins: 2024-Q1 for 2024-03."""
    kinds = sorted({plan.period_kind for plan in asked if plan.period_kind in CALENDAR})
    return [CALENDAR[kind](period.start).short for kind in kinds]
