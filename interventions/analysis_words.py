"""The sentences of a drafted analysis, in Dutch: documents of a Dutch municipality. Pure."""

from collections.abc import Mapping, Sequence

WORDS = {
    "better": "gunstiger", "worse": "ongunstiger", "higher": "hoger", "lower": "lager",
    "no-clear-difference": "geen duidelijk verschil", "cannot-tell": "niet met zekerheid te zeggen",
}  # fmt: skip
GROUNDS = {
    "counts": "volgens de aantallen meer dan toeval", "none": "",
    "relevant-difference": "volgens het relevante verschil van de indicator",
}  # fmt: skip
UNITS = {"percent": "%", "per-1000": "per 1.000", "score": "(score)", "euro": "euro"}
KINDS = {"risk": "risicofactor", "protective": "beschermende factor", "promotive": "versterkende factor"}
PHASES = {
    "pregnancy": "zwangerschap", "early-childhood": "jonge kind", "primary-school-age": "basisschoolleeftijd",
    "adolescence": "adolescentie", "young-adulthood": "jongvolwassenheid", "adulthood": "volwassenheid",
    "old-age": "ouderdom",
}  # fmt: skip
LIFE_DOMAINS = {
    "digital": "digitale omgeving", "neighbourhood": "wijk", "school-work": "school of werk", "home": "ouders en gezin",
    "individual": "kind of jongere zelf",
}  # fmt: skip
STATES = {
    "on-course": "op koers", "behind": "achter", "reached": "bereikt", "not-reached": "niet bereikt",
    "no-measurement-yet": "nog geen meting",
}  # fmt: skip
RULES = {
    "each": "elke indicator verbetert genoeg", "combination": "het aandeel voor wie alles tegelijk geldt verbetert",
    "average": "het gemiddelde van de indicatoren verbetert",
}  # fmt: skip
RESULT_KINDS = {"content": "inhoudelijk resultaat", "process": "procesresultaat (telt niet mee)",
                "precondition": "randvoorwaarde (telt niet mee)"}  # fmt: skip
CERTAINTIES = {"clear": "duidelijk", "cannot-tell-yet": "nog niet met zekerheid te zeggen"}
MONITOR_TYPES = {"sample": "steekproef", "periodic": "periodiek", "continuous": "continu"}
PERIODS = {"month": "per maand", "quarter": "per kwartaal", "year": "per jaar", "school-year": "per schooljaar"}
ACTION_STATES = {"open": "open", "busy": "bezig", "done": "klaar", "dropped": "vervallen"}
MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
          "november", "december")  # fmt: skip
QUESTIONS = {
    "recognise": "Herkennen wij dit?", "how-come": "Hoe komt dit?", "what-we-think": "Wat vinden wij hiervan?",
    "what-differently": "Wat gaan wij anders doen?",
}  # fmt: skip
WHYS = {
    "differs-clearly": "het gebied verschilt duidelijk van zijn district, dus naast de stad gelegd",
    "no-clear-difference": "het gebied verschilt niet duidelijk van zijn district, dus dat naast de stad gelegd",
    "no-district": "er zijn geen cijfers van een district, dus naast de stad gelegd",
    "too-few-figures": "er zijn te weinig cijfers, dus een niveau hoger gekeken",
    "no-figures": "er is niets om mee te vergelijken", "nearest-above": "naast het eerste gebied erboven gelegd",
}  # fmt: skip
GAPS = {
    "no-indicator": "er is in dit gebied geen indicator voor", "no-value": "het cijfer ontbreekt of is onderdrukt",
    "not-recent": "het nieuwste cijfer is ouder dan drie jaar",
}  # fmt: skip


def named(names: Mapping[str, str], code: str) -> str:
    """What a code is called; a code without a name is shown bare."""
    return names.get(code, code)


def number(value: float | None, decimals: int = 1) -> str:
    """With a decimal comma, thousands in points and a minus sign that is no hyphen; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.-", ".,\u2212"))


def day(iso: str | None) -> str:
    """21 november 2026, of a day or moment in ISO 8601; a dash for none."""
    if not iso:
        return "–"
    year, month, rest = iso[:10].split("-")
    return f"{int(rest)} {MONTHS[int(month) - 1]} {year}"


def with_unit(value: float | None, unit: str, decimals: int) -> str:
    text, sign = number(value, decimals), named(UNITS, unit)
    return f"{text}%" if sign == "%" else f"{text} {sign}".strip()


def stands_out(*, name: str, own: str, own_value: str, other: str, other_value: str, period: str, word: str,
               ground: str, why: str) -> str:  # fmt: skip
    """One sentence about one indicator that differs."""
    reason = f" ({GROUNDS[ground]})" if GROUNDS.get(ground) else ""
    return (f"{name}: {own} heeft {own_value} in {period}, {other} {other_value}. Dat is {WORDS[word]}{reason}; "
            f"{named(WHYS, why)}.")  # fmt: skip


def behind(*, domain: str, factors: Sequence[tuple[str, int | None]]) -> str:
    """What the factor model sets behind a domain; the highest ranked first."""
    if not factors:
        return f"Achter {domain} staan in het factorenmodel geen factoren die wij konden verbinden."
    shown = ", ".join(f"{name} (rang {rank})" if rank else f"{name} (zonder rang)" for name, rank in factors[:5])
    return (
        f"Achter {domain} staan in het factorenmodel {len(factors)} factoren. Het hoogst in de rangschikking: {shown}."
    )


def where(*, domain: str, count: int, top: int, phases: Sequence[tuple[str, int]],
          places: Sequence[tuple[str, int]]) -> str:  # fmt: skip
    """Where the high-ranked factors behind a domain can be turned; codes with how many factors lie there."""
    which = f"Van de {count} factoren" if count > 1 else f"Van de {count} factor"
    return (f"{which} achter {domain} met rang {top} of hoger: "
            f"naar levensfase {_told(phases, PHASES)}; naar leefgebied {_told(places, LIFE_DOMAINS)}.")  # fmt: skip


def _told(counted: Sequence[tuple[str, int]], names: Mapping[str, str]) -> str:
    return ", ".join(f"{named(names, code)} ({count})" for code, count in counted) or "niet bekend"


def recurring(*, name: str, rank: int | None, pillars: Sequence[str]) -> str:
    place = f"rang {rank}" if rank else "zonder rang"
    return f"{name} ({place}) speelt mee in {len(pillars)} pijlers: {', '.join(pillars)}."


def data_gap(*, name: str, rank: int, reason: str) -> str:
    return f"{name} staat op rang {rank}, maar {GAPS[reason]}."


def supply_source(municipality: str, iso: str) -> str:
    return f"Aanbodregister van gemeente {municipality}, stand op {day(iso)}"


def coverage_gap(*, name: str, rank: int, below: int) -> str:
    extra = f" ({below} aanbod zonder voldoende onderbouwing)" if below else ""
    return f"{name} staat op rang {rank}, maar er is geen aanbod dat eraan werkt{extra}."
