"""The workbook of an area analysis: contents, explanation, a sheet per pillar, summary, figures, ranking, change log.

Sheets and colouring follow the advisers' format (method guide, Bijlage 5): a figure is coloured while it differs from
what it is compared with and has no colour when it does not. Pure.
"""

from typing import Any

from interventions.analysis_words import (
    CERTAINTIES,
    KINDS,
    LIFE_DOMAINS,
    PHASES,
    QUESTIONS,
    STATES,
    UNITS,
    WHYS,
    WORDS,
    day,
    named,
)
from interventions.documents.report import choices, empty_cells, interpretations, loud
from interventions.documents.sheets import CONTENTS, Book, Sheet

Json = dict[str, Any]
EXPLAINED, SUMMARY, RESULTS, FIGURES, RANKING, CHANGES = (
    "Toelichting", "Samenvatting", "Resultaten", "Cijfers (naslag)", "Ranking", "Wijzigingen")  # fmt: skip
HEAD = ("Indicator", "Periode", "Eenheid", "Gebied", "Waarde", "Vergeleken met", "Waarde daar", "Verschil", "Oordeel",
        "Bron")  # fmt: skip
WIDTHS = (46, 24, 11, 26, 11, 26, 11, 11, 24, 36)
FACTORS = ("Factor", "Soort", "Rang", "Levensfasen", "", "Leefgebieden", "", "", "Via indicator")
EXPLANATION = (
    "Dit werkboek is gemaakt uit dezelfde gegevens als de analyse in de dienst; elk getal staat ook daar.",
    "Een waarde is gekleurd als zij duidelijk verschilt van het gebied waarmee zij is vergeleken: oranje is "
    "ongunstiger, groen gunstiger, blauw hoger of lager zonder dat dat goed of slecht is. Zonder kleur is er geen "
    "duidelijk verschil, of is het niet te zeggen. Het oordeel staat er altijd in woorden bij.",
    "De kleur hoort bij het oordeel in de kolom Oordeel: verandert u dat, dan verandert de kleur mee. "
    "Het verschil rekent mee met de waarden.",
    "Een verschil alleen is nog geen probleem: het oordeel is aan mensen die het gebied kennen.",
    "De kolom Bron verwijst naar de regel in het tabblad met alle cijfers; daar staat de weg terug naar de pijler.",
    "De rang van een factor komt uit de rangschikking waarvan het nummer bij de inhoudsopgave staat.",
)


class Place:
    """Where things stand in the workbook: each indicator once, with its row among the figures and its first pillar."""

    def __init__(self, draft: Json) -> None:
        self.indicators: dict[str, Json] = {}
        self.pillars: dict[str, str] = {}
        for pillar in draft["pillars"]:
            for domain in pillar["domains"]:
                for one in domain["indicators"]:
                    self.indicators.setdefault(one["indicatorCode"], one)
                    self.pillars.setdefault(one["indicatorCode"], pillar["name"])
        self.rows = {code: row for row, code in enumerate(self.indicators, start=4)}


def workbook(told: Json) -> bytes:
    """An XLSX file of one version of an analysis, given as the API answers it. The same analysis, the same bytes."""
    book, draft, place = Book(title=told["title"], made_at=told["madeAt"]), told["draft"], Place(told["draft"])
    _contents(book, told)
    book.sheet(EXPLAINED, EXPLAINED, (110,)).lines(3, EXPLANATION)
    for pillar in draft["pillars"]:
        _pillar(book.sheet(pillar["name"], f"Pijler {pillar['name']}", WIDTHS), pillar, told, place)
    _summary(book, told)
    _results(book, draft["results"])
    _figures(book, place)
    _ranking(book, draft["ranking"])
    _changes(book, told["changeLog"])
    return book.close()


def _contents(book: Book, told: Json) -> None:
    draft, inputs = told["draft"], told["draft"]["inputs"]
    sheet = book.sheet(CONTENTS, told["title"], (34, 92))
    said = (
        ("Gebied", f"{draft['area']['name']} ({told['areaCode']})"), ("Versie", str(told["version"])),
        ("Uitgave", told["edition"] or "werkversie"), ("Vastgelegd op", day(told["madeAt"])),
        ("Cijfers gelezen op", day(draft["day"])),
        ("Factorenmodel", f"{inputs['modelCode']} {inputs['modelVersion']}"), ("Rangschikking", inputs["snapshotId"]),
        ("Controlegetal", told["checksum"]), ("Verwijs hiernaar als", told["citation"] or "–"),
    )  # fmt: skip
    for row, (name, value) in enumerate(said, start=2):
        sheet.text(row, 0, name, "head")
        sheet.text(row, 1, value)
    top = sheet.head(len(said) + 3, ("Tabblad", "Wat er staat"))
    for row, (name, what) in enumerate(_tabs(draft), start=top):
        sheet.link(row, 0, name, name)
        sheet.text(row, 1, what)


def _tabs(draft: Json) -> list[tuple[str, str]]:
    pillars = [(pillar["name"], "Cijfers, factoren en conclusies over " + ", ".join(one["name"] for one in
                pillar["domains"])) for pillar in draft["pillars"]]  # fmt: skip
    return [
        (EXPLAINED, "Hoe u dit werkboek leest"), *pillars, (SUMMARY, "Alle pijlers samen, en wat mensen ervan vinden"),
        (RESULTS, "Maatschappelijke resultaten en hoe zij staan"), (FIGURES, "Alle cijfers met hun vindplaats"),
        (RANKING, "De factoren op volgorde van belang"), (CHANGES, "Elke versie, en waarom zij er kwam"),
    ]  # fmt: skip


def _pillar(sheet: Sheet, pillar: Json, told: Json, place: Place) -> None:
    row = 3
    for domain in pillar["domains"]:
        for column in range(len(HEAD)):  # the line below it runs on over the whole table
            sheet.text(row, column, domain["name"] if column == 0 else "", "domain")
        row = _indicators(sheet, domain["indicators"], row + 1, told["draft"]["area"]["name"], place)
        row = _factors(sheet, domain["factors"], row + 1)
        said = [one["text"] for one in domain["statements"]]
        said += [one["text"] for one in told["people"]["interpretations"] if one["domainCode"] == domain["code"]]
        sheet.text(row + 1, 0, "Conclusies", "head")
        row = _wide_lines(sheet, row + 2, said or ["Nog geen."]) + 1


def _wide_lines(sheet: Sheet, row: int, lines: list[str]) -> int:
    """Sentences over the whole width of the table above; returns the row after them."""
    for line in lines:
        sheet.wide(row, 0, len(HEAD) - 1, line, letters=sum(WIDTHS))
        row += 1
    return row


def _indicators(sheet: Sheet, indicators: list[Json], row: int, area: str, place: Place) -> int:
    """The indicators of a domain with colours by condition. Returns the next free row."""
    if not indicators:
        sheet.text(row, 0, "Over dit domein zijn hier geen cijfers.")
        return row + 1
    first = sheet.head(row, HEAD)
    for row, one in enumerate(indicators, start=first):
        _indicator(sheet, row, one, area)
        sheet.link(row, 9, FIGURES, one["source"], cell=f"A{place.rows[one['indicatorCode']] + 1}")
    last = first + len(indicators) - 1
    sheet.colour(first, last, 4, [(word, f'=$I{first + 1}="{WORDS[word]}"')
                                  for word in ("worse", "better", "higher", "lower")])  # fmt: skip
    return last + 1


def _indicator(sheet: Sheet, row: int, one: Json, area: str) -> None:
    texts = {0: one["name"], 1: one["period"], 2: named(UNITS, one["unit"] or ""),
             3: one["comparedName"] or area, 5: one["againstName"] or "–", 8: WORDS[one["verdict"]]}  # fmt: skip
    for column, text in texts.items():
        sheet.text(row, column, text)
    sheet.number(row, 4, one["value"] if one["comparedValue"] is None else one["comparedValue"], one["decimals"])
    sheet.number(row, 6, one["againstValue"], one["decimals"])
    if one["difference"] is not None:
        sheet.formula(row, 7, f"=ROUND(E{row + 1}-G{row + 1},10)", one["difference"], one["decimals"])


def _factors(sheet: Sheet, factors: list[Json], row: int) -> int:
    if not factors:
        return row
    first = sheet.head(row, FACTORS)
    for row, one in enumerate(factors, start=first):
        sheet.link(row, 0, RANKING, one["name"])
        sheet.text(row, 1, named(KINDS, one["kind"]))
        sheet.number(row, 2, one["denseRank"])
        sheet.wide(row, 3, 4, _phases(one), letters=WIDTHS[3] + WIDTHS[4])
        sheet.wide(row, 5, 7, _places(one), letters=sum(WIDTHS[5:8]))
        sheet.wide(row, 8, 9, ", ".join(one["indicatorCodes"]), letters=WIDTHS[8] + WIDTHS[9])
    return first + len(factors)


def _phases(one: Json) -> str:
    return ", ".join(named(PHASES, code) for code in one["lifePhases"])


def _places(one: Json) -> str:
    return ", ".join(named(LIFE_DOMAINS, code) for code in one["lifeDomains"])


def _summary(book: Book, told: Json) -> None:
    sheet, row = book.sheet(SUMMARY, "Samenvatting alle pijlers samen", (130,)), 3
    for title, lines in sections(told):
        sheet.text(row, 0, title, "head")
        row = sheet.lines(row + 1, lines or ["Niets."]) + 1


def sections(told: Json) -> list[tuple[str, list[str]]]:
    """What the summary says: drafted sentences first, then people's words."""
    draft, people = told["draft"], told["people"]
    return [
        ("Wat opvalt", loud(draft)),
        ("Factoren die in meer pijlers meespelen", [one["text"] for one in draft["recurringFactors"]]),
        ("Ontbrekende cijfers", [one["text"] for one in draft["dataGaps"]]),
        ("Ontbrekend aanbod", [one["text"] for one in draft["coverage"]["gaps"]] + empty_cells(draft)),
        ("Onze duiding", interpretations(told)),
        ("Wat partners zeggen", [f"{QUESTIONS[one['question']]} {one['text']}" for one in people["partnersView"]]),
        ("Keuzes en redenen", choices(told)),
    ]  # fmt: skip


def _results(book: Book, results: list[Json]) -> None:
    sheet = book.sheet(RESULTS, "Maatschappelijke resultaten", (54, 30, 11, 11, 11, 12, 11, 11, 14, 26))
    row = sheet.head(3, ("Resultaat", "Indicator", "Begin in", "Begin", "Laatste", "Gemeten in", "Verwacht", "Doel",
                         "Doelperiode", "Stand"))  # fmt: skip
    for result in results:
        for one in result.get("indicators", ()) or [{}]:
            sheet.text(row, 0, result["statement"])
            for column, text in ((1, one.get("name")), (2, result.get("baselinePeriod")),
                                 (5, one.get("measuredPeriod")), (8, result["targetPeriod"])):  # fmt: skip
                sheet.text(row, column, text or "–")
            for column, key in ((3, "baseline"), (4, "latest"), (6, "expected"), (7, "goal")):
                sheet.number(row, column, one.get(key), one.get("decimals", 1))
            stood = one or result
            sheet.text(row, 9, f"{STATES[stood['state']]}, {CERTAINTIES[stood['certainty']]}")
            row += 1
    if not results:
        sheet.text(row, 0, "Voor dit gebied zijn nog geen resultaten afgesproken.")


def _figures(book: Book, place: Place) -> None:
    """Every indicator with its code, status and citation: what the pillar sheets point at."""
    sheet = book.sheet(FIGURES, FIGURES, (46, 34, 12, 11, 14, 12, 30, 48, 60))
    sheet.head(3, ("Indicator", "Code", "Pijler", "Periode", "Waarde gebied", "Status", "Bron", "Vindplaats",
                   "Waarom zo vergeleken"))  # fmt: skip
    for code, one in place.indicators.items():
        row = place.rows[code]
        sheet.text(row, 0, one["name"])
        sheet.text(row, 1, code)
        sheet.link(row, 2, place.pillars[code], place.pillars[code])
        sheet.text(row, 3, one["period"])
        sheet.number(row, 4, one["value"], one["decimals"])
        for column, text in ((5, one["status"]), (6, one["source"]), (7, one["citation"] or ""),
                             (8, named(WHYS, one["why"]))):  # fmt: skip
            sheet.text(row, column, text)


def _ranking(book: Book, ranking: list[Json]) -> None:
    sheet = book.sheet(RANKING, "Rangschikking van factoren", (46, 24, 8, 12, 50, 50))
    sheet.head(3, ("Factor", "Soort", "Rang", "Score", "Levensfasen", "Leefgebieden"))
    for row, one in enumerate(ranking, start=4):
        sheet.text(row, 0, one["name"])
        sheet.text(row, 1, named(KINDS, one["kind"]))
        sheet.number(row, 2, one["denseRank"])
        sheet.number(row, 3, one["score"], 4)
        sheet.text(row, 4, _phases(one))
        sheet.text(row, 5, _places(one))


def _changes(book: Book, log: list[Json]) -> None:
    sheet = book.sheet(CHANGES, CHANGES, (10, 26, 80, 20))
    sheet.head(3, ("Versie", "Wanneer", "Waarom", "Uitgave"))
    for row, one in enumerate(log, start=4):
        sheet.number(row, 0, one["version"])
        for column, text in ((1, day(one["madeAt"])), (2, one["why"]), (3, one["edition"] or "–")):
            sheet.text(row, column, text)
