"""What must hold for a row of observations: SQL that finds the broken rows, and words for whoever sent them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.errors import Fault
from monitoring.combination import SCALES

STATISTICS = ("share", "rate", "mean", "mean-of-areas", "pooled-ratio", "count", "min", "max", "standard-deviation")
VALUED = ("final", "provisional", "estimated")
STATUSES = (*VALUED, "missing", "not-applicable", "suppressed")
QUALIFIERS = ("exact", "about", "almost", "less-than", "more-than", "estimate")

OF_COUNTS = "statistic IN ('share', 'rate', 'pooled-ratio')"
"""Of these numerator and denominator are the counts behind the value; of a mean, the denominator is its weight."""
COMPUTED = f"""CASE WHEN {OF_COUNTS} AND abs(numerator) < 1e15 AND abs(denominator) BETWEEN 1e-6 AND 1e15
    THEN {" ".join(["CASE unit", *(f"WHEN '{unit}' THEN {by}" for unit, by in SCALES.items()), "END"])}
         * numerator / denominator END"""
"""SQL for the value that the counts give; null where they are not known, or it is not known what they give."""
HALF_A_DIGIT = "0.5 * power(10::float8, -least(scale(trim_scale(value::numeric)), 15))"
"""How far rounding can take a value from what it was. Spreadsheets and JSON lose final zeros: 12.0 is read as 12."""


@dataclass(frozen=True)
class Rule:
    """broken: SQL over a row of `checked`. text: one plain sentence; may use %(value)s and %(hint)s."""

    column: str
    code: str
    broken: str
    text: Any  # a lazy translation
    expected: tuple[str, ...] = ()


def _one_of(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _number(column: str, name: str) -> Rule:
    return Rule(column, "not-a-number", f"{name}_text IS NOT NULL AND {name} IS NULL",
                gettext_lazy("%(value)s is geen getal.%(hint)s"))  # fmt: skip


RULES = (
    Rule("indicatorCode", "unknown-indicator", "NOT known_indicator",
         gettext_lazy("Indicator %(value)s is hier niet bekend.")),
    Rule("areaCode", "unknown-area", "NOT known_area", gettext_lazy("Gebied %(value)s is hier niet bekend.")),
    Rule("areaCode", "area-not-in-year", "known_area AND area_year IS NOT NULL AND NOT held @> area_year",
         gettext_lazy("Gebied %(value)s bestaat in dat jaar niet.%(hint)s")),
    Rule("period", "bad-period", "period_start IS NULL", gettext_lazy("%(value)s is geen periode.%(hint)s")),
    Rule("areaYear", "bad-year", "area_year_text IS NOT NULL AND area_year_text !~ '^[12][0-9]{3}$'",
         gettext_lazy("%(value)s is geen jaar.")),
    Rule("definitionVersion", "unknown-definition", "known_indicator AND NOT definition_version = ANY(versions)",
         gettext_lazy("Deze indicator heeft geen definitie %(value)s.")),
    Rule("statistic", "unknown-statistic",
         f"(known_indicator OR statistic <> '') AND statistic NOT IN ({_one_of(STATISTICS)})",
         gettext_lazy("Noem de maat van het cijfer."), STATISTICS),
    Rule("sourceCode", "unknown-source", "NOT known_source",
         gettext_lazy("Bron %(value)s is hier niet bekend; noem haar in de kolom sourceCode of met sourceCode=.")),
    _number("value", "value"),
    Rule("value", "percent-sign", "value_text LIKE '%%\\%%' AND indicator_unit <> 'percent'",
         gettext_lazy("%(value)s heeft een procentteken, maar deze indicator is geen percentage.")),
    Rule("value", "value-contradicts-counts",
         f"qualifier = 'exact' AND abs(value - {COMPUTED}) > {HALF_A_DIGIT} + 1e-6 * abs(value)",
         gettext_lazy("%(value)s past niet bij teller en noemer.%(hint)s")),
    Rule("denominator", "part-of-nothing", f"denominator = 0 AND value IS NOT NULL AND {OF_COUNTS}",
         gettext_lazy("Van 0 is geen deel te nemen. Laat de waarde leeg en zeg in status not-applicable of missing.")),
    Rule("value", "no-share", "statistic = 'share' AND indicator_unit = 'percent' AND (value < 0 OR value > 100)",
         gettext_lazy("%(value)s kan geen aandeel zijn: dat ligt tussen 0 en 100.")),
    Rule("unit", "other-unit", "unit_text <> indicator_unit AND indicator_unit <> '' AND statistic <> 'count'",
         gettext_lazy("Eenheid %(value)s is niet die van de indicator.")),
    Rule("qualifier", "unknown-qualifier", f"qualifier NOT IN ({_one_of(QUALIFIERS)})",
         gettext_lazy("%(value)s kennen wij hier niet."), QUALIFIERS),
    Rule("status", "unknown-status",
         f"status NOT IN ({_one_of(STATUSES)}) AND (status <> '' OR value_text IS NOT NULL)",
         gettext_lazy("%(value)s kennen wij hier niet."), STATUSES),
    Rule("status", "final-before-end",
         "status = 'final' AND CASE WHEN %(begun_is_enough)s THEN period_start ELSE period_end END > %(day)s",
         gettext_lazy("Deze periode is nog niet voorbij, dus het cijfer kan niet definitief (final) zijn. Noem het "
                      "provisional (voorlopig) of estimated (geschat)."), VALUED[1:]),
    Rule("value", "value-or-reason", f"value_text IS NULL AND (status = '' OR status IN ({_one_of(VALUED)}))",
         gettext_lazy("Er is geen waarde. Zeg in status waarom: missing, suppressed of not-applicable.")),
    Rule("status", "value-despite-status",
         f"value IS NOT NULL AND status IN ({_one_of(('missing', 'not-applicable', 'suppressed'))})",
         gettext_lazy("Bij %(value)s hoort geen waarde.")),
    _number("numerator", "numerator"), _number("denominator", "denominator"),
    _number("intervalLow", "interval_low"), _number("intervalHigh", "interval_high"),
    _number("areasUsed", "areas_used"), _number("areasTotal", "areas_total"),
    Rule("numerator", "part-exceeds-whole", "statistic = 'share' AND (numerator > denominator OR numerator < 0)",
         gettext_lazy("De teller kan niet groter zijn dan de noemer, of kleiner dan nul.")),
    Rule("intervalLow", "interval-beside-value", "interval_low > value OR interval_high < value",
         gettext_lazy("De waarde ligt niet in haar eigen interval.")),
    Rule("areasUsed", "part-exceeds-whole", "areas_used > areas_total",
         gettext_lazy("Er zijn niet meer gebieden gebruikt dan er zijn.")),
    *(Rule(name, "too-long", f"length({name}) > 4000", gettext_lazy("Dit is langer dan 4000 tekens."))
      for name in ("basis", "conflict", "note", "citation")),
    Rule("population", "too-long", "length(population) > 200", gettext_lazy("Dit is langer dan 200 tekens.")),
    Rule("unit", "too-long", "length(unit) > 40", gettext_lazy("Dit is langer dan 40 tekens.")),
)  # fmt: skip
"""Every rule has its own bit in `checked.faults`."""


@dataclass(frozen=True)
class Row:
    """A broken row: bits of its rules, what the sender wrote by API name, and what the check made of it.

    computed: the value that numerator and denominator give, in the indicator's unit.
    """

    bits: int
    texts: Mapping[str, str | None]
    area: tuple[str, int]  # code and year; 0: no year could be read
    computed: float | None

    def said(self, column: str) -> str:
        return (self.texts.get(column) or "").strip()


@dataclass(frozen=True)
class Known:
    """What can be said of codes in broken rows. lives: why an area is not there in a year; versions: of indicators."""

    lives: Mapping[tuple[str, int], str]
    versions: Mapping[str, Sequence[str]]


def faults_of(row: Row, *, location: str, known: Known, decimal: str) -> list[Fault]:
    """What is wrong with one row, in words. location: pointer to the row."""
    broken = [rule for bit, rule in enumerate(RULES) if row.bits >> bit & 1]
    return [_fault(rule, row, location, known, decimal) for rule in broken]


def _fault(rule: Rule, row: Row, location: str, known: Known, decimal: str) -> Fault:
    value, hint = row.said(rule.column), _hint(rule, row, known, decimal)
    detail = str(rule.text) % {"value": repr(value[:40]) if value else _("(leeg)"), "hint": hint and f" {hint}"}
    expected: object = list(rule.expected)
    if rule.code == "unknown-definition":
        expected = list(known.versions.get(row.said("indicatorCode"), ()))
    if rule.code == "value-contradicts-counts" and row.computed is not None:
        expected = round(row.computed, 4)
    return Fault(f"{location}/{rule.column}", rule.code, detail, value=value[:40] or None, expected=expected or None)


def _hint(rule: Rule, row: Row, known: Known, decimal: str) -> str:
    if rule.code == "area-not-in-year":
        return known.lives.get(row.area, "")
    if rule.code == "value-contradicts-counts":
        return _counts_hint(row, decimal)
    if rule.code == "bad-period":
        return _period_hint(row.said(rule.column))
    if rule.code == "not-a-number":
        return _number_hint(row.said(rule.column), decimal)
    return ""


def _counts_hint(row: Row, decimal: str) -> str:
    words = {"part": row.said("numerator")[:40], "whole": row.said("denominator")[:40],
             "computed": f"{round(row.computed or 0.0, 4):.12g}".replace(".", decimal)}  # fmt: skip
    text = _("%(part)s van %(whole)s is %(computed)s. Verbeter wat niet klopt; zijn de aantallen afgerond, of is de "
             "waarde gewogen, laat teller en noemer dan weg of zeg qualifier about.")  # fmt: skip
    return text % words


def _number_hint(value: str, decimal: str) -> str:
    if decimal == "." and re.fullmatch(r"[+-]?\d+,\d+\s*%?", value):
        return _("Schrijf een punt voor de breuk, of zeg csvDialect=nl.")
    if re.fullmatch(r"[+-]?[\d.]+[eE]\+?\d+", value):
        return _("Het is te groot.")
    if value in {".", "x", "-"}:
        return _("Laat de cel leeg en zeg in status waarom er geen waarde is.")
    return ""


def _period_hint(value: str) -> str:
    if re.fullmatch(r"[2-5]\d{4}(\.0+)?", value):
        day = date(1899, 12, 30) + timedelta(days=int(float(value)))
        return _("Dit lijkt een datum van Excel (%(day)s). Maak van de cel tekst, bijvoorbeeld 2024 of 2024-03.") % {
            "day": day.isoformat()}  # fmt: skip
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return _("Dit is een dag. Noem de periode, bijvoorbeeld 2024, 2024-03 of 2024-Q1.")
    return _("Voorbeelden: 2024, 2024-03, 2024-Q1, 2023/2024.")
