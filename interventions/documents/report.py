"""The analysis of an area, or its yearly state (an edition), as a document to read. Pure.

Every number in it stands in the JSON; every chart has a table and a text beside it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from interventions.analysis_words import (
    CERTAINTIES,
    KINDS,
    LIFE_DOMAINS,
    PHASES,
    QUESTIONS,
    RESULT_KINDS,
    RULES,
    STATES,
    WORDS,
    day,
    named,
    number,
    with_unit,
)
from interventions.documents.blocks import Block, Cell, Column, Facts, Heading, Paper, Paragraph, listed, table
from interventions.documents.pictures import bars, course

Json = dict[str, Any]
FIGURES = (Column("Indicator", 5), Column("Periode", 2), Column("Gebied", 4), Column("Waarde", 2, number=True),
           Column("Vergeleken met", 4), Column("Waarde daar", 2, number=True), Column("Oordeel", 4))  # fmt: skip
FACTORS = (Column("Factor", 5), Column("Soort", 4), Column("Rang", 1, number=True), Column("Levensfasen", 5),
           Column("Leefgebieden", 5))  # fmt: skip
STANDING = (Column("Indicator", 5), Column("Begin", 2, number=True), Column("Laatste", 2, number=True),
            Column("Gemeten in", 2), Column("Verbetering", 2, number=True), Column("Verwacht", 2, number=True),
            Column("Doel", 2, number=True), Column("Stand", 4))  # fmt: skip
RECURRING = (Column("Factor", 6), Column("Rang", 1, number=True), Column("Pijlers", 5))
CHANGES = (Column("Versie", 1), Column("Wanneer", 3), Column("Waarom", 8), Column("Uitgave", 2))
MOST = 10
HIGHEST = ": hoogstens de tien hoogste, alle staan in het werkboek"
NO_JUDGEMENT = "Een verschil alleen is nog geen probleem: het oordeel is aan mensen die het gebied kennen."
NO_SETTLING = "Resultaten zijn er om van te leren en te verbeteren, niet om op af te rekenen."


def analysis_paper(told: Json) -> Paper:
    """One version of an analysis, given as the API answers it."""
    draft = told["draft"]
    edition = f"Staat van het gebied, uitgave {told['edition']}" if told["edition"] else "Gebiedsanalyse, werkversie"
    lead = f"{edition} – {draft['area']['name']} – {day(told['madeAt'])}"
    blocks = (*_summary(told), *_people(told), *_results(draft["results"]), *_pillars(draft), *_gaps(draft),
              *_grounds(told), *changes(told))  # fmt: skip
    return Paper(told["title"], lead, told["madeAt"], blocks)


def _summary(told: Json) -> Iterator[Block]:
    draft = told["draft"]
    yield Heading(2, "In het kort")
    yield listed(loud(draft, kinds=("stands-out",)), "Er valt in de cijfers niets op.")
    yield Paragraph(NO_JUDGEMENT)
    if draft["recurringFactors"]:
        names = {pillar["code"]: pillar["name"] for pillar in draft["pillars"]}
        rows = [(one["name"], str(one["denseRank"] or "–"), ", ".join(names[code] for code in one["pillarCodes"]))
                for one in draft["recurringFactors"][:MOST]]  # fmt: skip
        yield table(f"Factoren die in meer pijlers meespelen{HIGHEST}", RECURRING, rows)


def loud(draft: Json, *, kinds: Iterable[str] | None = None) -> list[str]:
    """What the service says about the figures, of these kinds or all; what holds for two domains once."""
    found = [one["text"] for pillar in draft["pillars"] for domain in pillar["domains"]
             for one in domain["statements"] if kinds is None or one["kind"] in kinds]  # fmt: skip
    return list(dict.fromkeys(found))


def _people(told: Json) -> Iterator[Block]:
    people, names = told["people"], told["names"]
    yield Heading(2, "Wat mensen ervan vinden")
    yield listed(interpretations(told), "Er is nog geen duiding.")
    for question, asked in QUESTIONS.items():
        said = [_answer(one, names) for one in people["partnersView"] if one["question"] == question]
        if said:
            yield Heading(3, asked)
            yield listed(said, "")
    yield Heading(3, "Keuzes en redenen")
    yield listed(choices(told), "Er zijn nog geen keuzes gemaakt.")


def interpretations(told: Json) -> list[str]:
    """What people see in the figures, with the domain it is about."""
    domains = {domain["code"]: domain["name"] for pillar in told["draft"]["pillars"] for domain in pillar["domains"]}
    return [f"{named(domains, one['domainCode'])}: {one['text']}" if one["domainCode"] else one["text"]
            for one in told["people"]["interpretations"]]  # fmt: skip


def _answer(one: Json, names: Json) -> str:
    partners = ", ".join(named(names["organisations"], code) for code in one["partnerCodes"])
    held = f"gesprek van {day(one['heldDate'])}" if one["heldDate"] else ""
    said = ", ".join(filter(None, (partners, held)))
    return f"{one['text']} ({said})" if said else one["text"]


def choices(told: Json) -> list[str]:
    """Choices with their reasons, the factors to turn and the results they are for."""
    factors = {one["factorCode"]: one["name"] for one in told["draft"]["ranking"]}
    results = {one["id"]: one["statement"] for one in told["draft"]["results"]}
    found = []
    for one in told["people"]["choices"]:
        knobs = ", ".join(named(factors, code) for code in one["factorCodes"])
        aims = "; ".join(named(results, code) for code in one["resultIds"])
        more = "".join((f" Factoren: {knobs}." if knobs else "", f" Resultaat: {aims}." if aims else ""))
        reason = one["reason"] if one["reason"].endswith((".", "!", "?", ")")) else f"{one['reason']}."
        found.append(f"{one['choice']} – {reason}{more}")
    return found


def _results(results: list[Json]) -> Iterator[Block]:
    yield Heading(2, "Maatschappelijke resultaten")
    if not results:
        yield Paragraph("Voor dit gebied zijn nog geen resultaten afgesproken.")
        return
    yield Paragraph(NO_SETTLING)
    for one in results:
        yield Heading(3, one["statement"])
        yield Facts(tuple(_about(one)))
        stood = [*one.get("indicators", ()), *([one["mean"] | {"name": "Gemiddeld"}] if one.get("mean") else ())]
        if stood:
            yield table(f"Stand van: {one['statement']}", STANDING, [_standing(row) for row in stood])
        for row in one.get("indicators", ()):
            yield course(row["name"], _unit(row), row["decimals"],
                         [(point["period"], point["value"]) for point in row["points"]], _wanted(one, row))  # fmt: skip


def _about(one: Json) -> Iterator[tuple[str, str]]:
    yield "Stand", f"{STATES[one['state']]} ({CERTAINTIES[one['certainty']]})"
    if "rule" in one:
        yield (
            "Bereikt als",
            f"{RULES[one['rule']]}{_target(one)}; van {one['baselinePeriod']} naar {one['targetPeriod']}",
        )
    yield "Soort", RESULT_KINDS[one["kind"]]
    if one["nextDue"]:
        yield "Volgende cijfer", one["nextDue"]
    if one.get("motivation"):
        yield "Motivatie", one["motivation"]


def _target(one: Json) -> str:
    if one["targetKind"] == "benchmark":
        return ", tot ten minste het gebied waarmee wordt vergeleken"
    percent = all(row["unit"] == "percent" for row in one["indicators"])
    amount = number(one["targetAmount"], 0 if float(one["targetAmount"]).is_integer() else 1)
    if one["targetKind"] == "level":
        return f", tot {amount}{'%' if percent else ''}"
    return f", met {amount}{' procentpunt' if percent else ''}"


def _unit(row: Json) -> str:
    return "in procenten" if row["unit"] == "percent" else row["unit"] or "zonder eenheid"


def _standing(row: Json) -> list[Cell | str]:
    values = {
        key: number(row[key], row["decimals"]) for key in ("baseline", "latest", "improvement", "expected", "goal")
    }
    name = f"{row['name']} ({row['condition']})" if row["condition"] else row["name"]
    return [name, values["baseline"], values["latest"], row["measuredPeriod"] or "–", values["improvement"],
            values["expected"], values["goal"], f"{STATES[row['state']]}, {CERTAINTIES[row['certainty']]}"]  # fmt: skip


def _wanted(one: Json, row: Json) -> list[tuple[str, float]]:
    """The straight line from baseline to goal; nothing where one of both is unknown."""
    if row["baseline"] is None or row["goal"] is None:
        return []
    return [(one["baselinePeriod"], row["baseline"]), (one["targetPeriod"], row["goal"])]


def _pillars(draft: Json) -> Iterator[Block]:
    for pillar in draft["pillars"]:
        yield Heading(2, f"Pijler {pillar['name']}")
        for domain in pillar["domains"]:
            yield Heading(3, domain["name"])
            yield from _domain(domain, draft)


def _domain(domain: Json, draft: Json) -> Iterator[Block]:
    if not domain["indicators"]:
        yield Paragraph("Over dit domein zijn hier geen cijfers.")
        return
    yield listed([one["text"] for one in domain["statements"]], "Hier valt niets op.")
    beside = [one for one in domain["indicators"] if one["unit"] == "percent" and one["againstValue"] is not None]
    shown = [(one["name"], one["comparedValue"], one["againstValue"], one["verdict"], one["decimals"])
             for one in beside]  # fmt: skip
    if shown:
        yield bars(f"{domain['name']} in procenten: gekleurd het gebied, grijs waarmee het is vergeleken", shown)
    rows = [_figure(one, draft["area"]["name"]) for one in domain["indicators"]]
    yield table(f"Cijfers over {domain['name']}", FIGURES, rows)
    if domain["factors"]:
        rows = [_factor(one) for one in domain["factors"][:MOST]]
        yield table(f"Factoren achter {domain['name']}{HIGHEST}", FACTORS, rows)


def _figure(one: Json, area: str) -> list[Cell | str]:
    value, compared = (one["value"], False) if one["comparedValue"] is None else (one["comparedValue"], True)
    own = one["comparedName"] if compared else area
    return [one["name"], one["period"], own or area, Cell(_value(value, one), one["verdict"]),
            one["againstName"] or "–", _value(one["againstValue"], one), WORDS[one["verdict"]]]  # fmt: skip


def _value(value: float | None, one: Json) -> str:
    return "–" if value is None else with_unit(value, one["unit"] or "", one["decimals"])


def _factor(one: Json) -> list[Cell | str]:
    return [one["name"], named(KINDS, one["kind"]), str(one["denseRank"] or "–"),
            ", ".join(named(PHASES, code) for code in one["lifePhases"]),
            ", ".join(named(LIFE_DOMAINS, code) for code in one["lifeDomains"])]  # fmt: skip


def _gaps(draft: Json) -> Iterator[Block]:
    yield Heading(2, "Wat wij missen")
    yield Heading(3, "Cijfers")
    yield listed([one["text"] for one in draft["dataGaps"]], "Over de hoogste factoren zijn recente cijfers.")
    yield Heading(3, "Aanbod")
    yield listed([one["text"] for one in draft["coverage"]["gaps"]], "Aan alle hoogste factoren werkt aanbod.")
    yield listed(empty_cells(draft), "Elke levensfase heeft in elk leefgebied aanbod.")


def empty_cells(draft: Json) -> list[str]:
    """Per life phase the life domains without any offering."""
    found: dict[str, list[str]] = {}
    for one in draft["coverage"]["emptyCells"]:
        found.setdefault(one["lifePhase"], []).append(named(LIFE_DOMAINS, one["lifeDomain"]))
    return [f"Geen aanbod voor {named(PHASES, phase)} in: {', '.join(places)}." for phase, places in found.items()]


def _grounds(told: Json) -> Iterator[Block]:
    """What it rests on, so that it can be cited and made again."""
    draft, inputs = told["draft"], told["draft"]["inputs"]
    yield Heading(2, "Waar dit op rust")
    pairs = [
        ("Gebied", f"{draft['area']['name']} ({told['areaCode']})"), ("Versie", str(told["version"])),
        ("Cijfers gelezen op", day(draft["day"])), ("Aantal indicatoren", str(inputs["indicatorCount"])),
        ("Factorenmodel", f"{inputs['modelCode']}, versie {inputs['modelVersion']}"),
        ("Rangschikking", f"{inputs['method']}, {inputs['snapshotId']}"), ("Controlegetal", told["checksum"]),
    ]  # fmt: skip
    if told["citation"]:
        pairs.append(("Verwijs hiernaar als", told["citation"]))
    yield Facts(tuple(pairs))
    yield Heading(3, "Bronnen")
    yield listed(sources(draft), "Geen.")


def sources(draft: Json) -> list[str]:
    """Each source once, with where in it."""
    domains = [domain for pillar in draft["pillars"] for domain in pillar["domains"]]
    return sorted({f"{one['source']}: {one['citation']}" if one["citation"] else one["source"]
                   for domain in domains for one in domain["indicators"]})  # fmt: skip


def changes(told: Json) -> Iterator[Block]:
    """Every version until this one, and why it came."""
    yield Heading(2, "Wijzigingen")
    rows = [(str(one["version"]), day(one["madeAt"]), one["why"], one["edition"] or "–") for one in told["changeLog"]]
    yield table("Versies", CHANGES, rows)
