"""What must hold for a row of observations: SQL that finds the broken rows, and words for whoever sent them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.errors import Fault

STATISTICS = ("share", "rate", "mean", "mean-of-areas", "pooled-ratio", "count", "min", "max", "standard-deviation")
VALUED = ("final", "provisional", "estimated")
STATUSES = (*VALUED, "missing", "not-applicable", "suppressed")
QUALIFIERS = ("exact", "about", "almost", "less-than", "more-than", "estimate")


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
    Rule("value", "no-share", "statistic = 'share' AND indicator_unit = 'percent' AND (value < 0 OR value > 100)",
         gettext_lazy("%(value)s kan geen aandeel zijn: dat ligt tussen 0 en 100.")),
    Rule("unit", "other-unit", "unit_text <> indicator_unit AND indicator_unit <> '' AND statistic <> 'count'",
         gettext_lazy("Eenheid %(value)s is niet die van de indicator.")),
    Rule("qualifier", "unknown-qualifier", f"qualifier NOT IN ({_one_of(QUALIFIERS)})",
         gettext_lazy("%(value)s kennen wij hier niet."), QUALIFIERS),
    Rule("status", "unknown-status",
         f"status NOT IN ({_one_of(STATUSES)}) AND (status <> '' OR value_text IS NOT NULL)",
         gettext_lazy("%(value)s kennen wij hier niet."), STATUSES),
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
class Known:
    """What can be said of the codes of broken rows. successors: area code → its successors; versions: of indicators."""

    successors: Mapping[str, str]
    versions: Mapping[str, Sequence[str]]


def faults_of(bits: int, texts: Mapping[str, str | None], *, location: str, known: Known, decimal: str) -> list[Fault]:
    """What is wrong with one row, in words. location: pointer to the row."""
    broken = [rule for bit, rule in enumerate(RULES) if bits >> bit & 1]
    return [_fault(rule, texts, location, known, decimal) for rule in broken]


def _fault(rule: Rule, texts: Mapping[str, str | None], location: str, known: Known, decimal: str) -> Fault:
    value = (texts.get(rule.column) or "").strip()
    hint = _hint(rule, value, known, decimal)
    detail = str(rule.text) % {"value": repr(value[:40]) if value else _("(leeg)"), "hint": hint and f" {hint}"}
    expected = list(rule.expected)
    if rule.code == "unknown-definition":
        expected = list(known.versions.get((texts.get("indicatorCode") or "").strip(), ()))
    return Fault(f"{location}/{rule.column}", rule.code, detail, value=value[:40] or None, expected=expected or None)


def _hint(rule: Rule, value: str, known: Known, decimal: str) -> str:
    if rule.code == "area-not-in-year":
        successors = known.successors.get(value)
        return (
            _("Opvolger: %(codes)s.") % {"codes": successors} if successors else _("Een opvolger is hier niet bekend.")
        )
    if rule.code == "bad-period":
        return _period_hint(value)
    if rule.code == "not-a-number":
        return _number_hint(value, decimal)
    return ""


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
