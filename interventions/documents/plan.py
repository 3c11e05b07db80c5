"""A plan of action as a document to read, with the names of what it links: offering, factor, result. Pure."""

from collections.abc import Iterator
from typing import Any

from interventions.analysis_words import ACTION_STATES, MONITOR_TYPES, PERIODS, day, named, number
from interventions.documents.blocks import Block, Bullets, Column, Facts, Heading, Paper, Paragraph, table
from interventions.documents.report import changes

Json = dict[str, Any]
SO_THATS = (Column("Wij doen", 5), Column("Zodat", 5), Column("Aanbod", 4), Column("Factoren", 4),
            Column("Resultaat", 4), Column("Door en voor", 4), Column("Beoogd bereik", 2, number=True))  # fmt: skip
OUTCOMES = (Column("Aanbod", 4), Column("Maat", 3), Column("Hoe", 2), Column("Hoe vaak", 2), Column("Bij wie", 4))
STEPS = (Column("Stap", 6), Column("Klaar op", 3), Column("Gedaan op", 3))
ACTIONS = (Column("Actie", 6), Column("Wie", 3), Column("Klaar op", 3), Column("Stand", 2),
           Column("Wat het opleverde", 5))  # fmt: skip
TALKS = (Column("Waarover", 4), Column("Met", 4), Column("Gepland", 3), Column("Gevoerd", 3),
         Column("Wat eruit kwam", 5))  # fmt: skip


def plan_paper(told: Json) -> Paper:
    """One version of a plan, given as the API answers it."""
    plan, names = told["plan"], told["names"]
    area = named(names["areas"], told["areaCode"])
    which = f"uitgave {told['edition']}" if told["edition"] else "werkversie"
    blocks = (*_so_thats(plan["soThats"], names), *_quality(plan["qualityAgreements"], names),
              *_outcomes(plan["outcomeAgreements"], names), *_talks(plan["conversations"], names),
              *_actions(told["actions"]), *_grounds(told), *changes(told))  # fmt: skip
    return Paper(told["title"], f"Plan van aanpak, {which} – {area} – {day(told['madeAt'])}", told["madeAt"], blocks)


def _so_thats(items: list[Json], names: Json) -> Iterator[Block]:
    yield Heading(2, "Wat wij doen, zodat …")
    if not items:
        yield Paragraph("Er zijn nog geen activiteiten.")
        return
    yield Bullets(tuple(f"Wij doen: {one['activity']} – zodat {one['soThat']}" for one in items))
    yield table("Van aanbod via factor naar resultaat", SO_THATS, [_so_that(one, names) for one in items])


def _so_that(one: Json, names: Json) -> list[str]:
    reach = "–" if one["intendedReach"] is None else number(one["intendedReach"], 0)
    by = ", ".join(_names(names, "organisations", one["organisationCodes"]))
    whom = f"voor {one['forWhom']}" if one["forWhom"] else ""
    return [one["activity"], one["soThat"], _name(names, "offerings", one["offeringCode"]) or "nog te maken",
            ", ".join(_names(names, "factors", one["factorCodes"])) or "–",
            _name(names, "results", one["resultId"]) or "–", "; ".join(filter(None, (by, whom))) or "–",
            reach]  # fmt: skip


def _name(names: Json, kind: str, code: str | None) -> str:
    """The name that was kept with the version; a code without one is shown bare."""
    return named(names[kind], code) if code else ""


def _names(names: Json, kind: str, codes: list[str]) -> list[str]:
    return [_name(names, kind, code) for code in codes]


def _quality(items: list[Json], names: Json) -> Iterator[Block]:
    yield Heading(2, "Afspraken over kwaliteit")
    if not items:
        yield Paragraph("Er zijn nog geen afspraken over kwaliteit.")
    for one in items:
        about = _name(names, "offerings", one["offeringCode"])
        yield Paragraph(f"{about}: {one['agreement']}" if about else one["agreement"])
        if one["steps"]:
            rows = [(step["what"], day(step["dueDate"]), day(step["doneDate"])) for step in one["steps"]]
            yield table(f"Stappen{': ' + about if about else ''}", STEPS, rows)


def _outcomes(items: list[Json], names: Json) -> Iterator[Block]:
    yield Heading(2, "Afspraken over outcome")
    if not items:
        yield Paragraph("Er is nog niet afgesproken wat er gemeten wordt.")
        return
    rows = [(_name(names, "offerings", one["offeringCode"]), _name(names, "measures", one["measure"]),
             MONITOR_TYPES[one["monitorType"]], PERIODS[one["periodKind"]], one["among"] or "–")
            for one in items]  # fmt: skip
    yield table("Wat wij meten", OUTCOMES, rows)


def _talks(items: list[Json], names: Json) -> Iterator[Block]:
    yield Heading(2, "Gesprekken")
    if not items:
        yield Paragraph("Er zijn nog geen gesprekken gepland.")
        return
    yield table("Gesprekken met partners", TALKS, [_talk(one, names) for one in items])


def _talk(one: Json, names: Json) -> list[str]:
    about = _name(names, "results", one["resultId"])
    return [f"{one['about']} ({about})" if about else one["about"],
            ", ".join(_names(names, "organisations", one["organisationCodes"])) or "–", day(one["plannedDate"]),
            day(one["heldDate"]), one["outcome"] or "–"]  # fmt: skip


def _actions(items: list[Json]) -> Iterator[Block]:
    yield Heading(2, "Verbeteracties")
    if not items:
        yield Paragraph("Er zijn bij dit plan nog geen verbeteracties afgesproken.")
        return
    rows = [(one["description"], one["owner"], day(one["dueDate"]), ACTION_STATES[one["status"]],
             one["outcome"] or "–") for one in items]  # fmt: skip
    yield table("Verbeteracties toen deze versie werd vastgelegd", ACTIONS, rows)


def _grounds(told: Json) -> Iterator[Block]:
    yield Heading(2, "Over dit document")
    area = named(told["names"]["areas"], told["areaCode"])
    pairs = [
        ("Gebied", f"{area} ({told['areaCode']})"), ("Versie", str(told["version"])),
        ("Waarom deze versie", told["why"]), ("Controlegetal", told["checksum"]),
    ]  # fmt: skip
    if told["citation"]:
        pairs.append(("Verwijs hiernaar als", told["citation"]))
    yield Facts(tuple(pairs))
