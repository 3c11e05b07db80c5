"""python -m bench.coverage [--quick]: gaps from bit sets against NOT EXISTS.

Gaps: the top 20 factors per area without an active offering at ladder level 2 or above, for one city and for the
country. The peer is the straightforward query over the same rows in the same run (indexed, analysed); both answers are
compared row by row. `kept`: the answer from the cities that the service keeps (coverage.KeptCity), names of factors
included; `built`: with making them anew from rows in memory. `change`: one offering is put again, which is how they are
kept up to date. A minus behind a ratio: the goal is not reached. Times are medians, of one round for the plain query
over the country; a seed fixes what is made up.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from deploy.local import services
from interventions.coverage import GrowingPositions, KeptCity, Listing, Place, Span, Supply

DAY, LONG, TOP, MINIMUM, SEED = date(2024, 5, 1), date(2020, 1, 1), 20, 2, 7
GOALS = {"city": 50.0, "country": 100.0}
Gap = tuple[str, str]

TABLES = """
CREATE TEMP TABLE area (code text PRIMARY KEY, city text NOT NULL, district text NOT NULL);
CREATE TEMP TABLE wanted (city text NOT NULL, factor text NOT NULL, PRIMARY KEY (city, factor));
CREATE TEMP TABLE method_factor (method text NOT NULL, factor text NOT NULL, PRIMARY KEY (method, factor));
CREATE TEMP TABLE recognition (method text NOT NULL, level int NOT NULL, starts date NOT NULL, ends date);
CREATE TEMP TABLE offering (code text PRIMARY KEY, city text NOT NULL, method text NOT NULL, city_wide bool NOT NULL,
                            starts date NOT NULL, ends date);
CREATE TEMP TABLE offering_area (offering text NOT NULL, area text NOT NULL, PRIMARY KEY (offering, area));
CREATE TEMP TABLE agreement (offering text NOT NULL, starts date NOT NULL, ends date);
"""
INDEXES = """
CREATE INDEX ON area (city); CREATE INDEX ON offering (city); CREATE INDEX ON agreement (offering);
CREATE INDEX ON recognition (method); CREATE INDEX ON method_factor (factor); CREATE INDEX ON offering_area (area);
ANALYZE area; ANALYZE wanted; ANALYZE method_factor; ANALYZE recognition; ANALYZE offering; ANALYZE offering_area;
ANALYZE agreement;
"""
PLAIN = """
SELECT area.code, wanted.factor FROM area JOIN wanted USING (city)
WHERE (%(city)s::text IS NULL OR area.city = %(city)s) AND NOT EXISTS (
    SELECT 1 FROM offering o JOIN method_factor f ON f.method = o.method AND f.factor = wanted.factor
    JOIN recognition r ON r.method = o.method AND r.level >= %(level)s
        AND r.starts <= %(day)s AND (r.ends IS NULL OR r.ends > %(day)s)
    WHERE o.city = area.city AND o.starts <= %(day)s AND (o.ends IS NULL OR o.ends > %(day)s)
    AND EXISTS (SELECT 1 FROM agreement g WHERE g.offering = o.code AND g.starts <= %(day)s
                AND (g.ends IS NULL OR g.ends > %(day)s))
    AND (o.city_wide OR EXISTS (SELECT 1 FROM offering_area oa WHERE oa.offering = o.code
                                AND oa.area IN (area.code, area.district)))
) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Country:
    """Made-up cities with their areas, top factors and offerings."""

    places: dict[str, tuple[Place, ...]]
    wanted: dict[str, tuple[str, ...]]
    supplies: dict[str, tuple[Supply, ...]]
    factors: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute: a fifth of the country")
    quick = parser.parse_args().quick
    country = made_up(cities=77 if quick else 383, methods=2_000 if quick else 10_000, offered=131)
    areas = sum(map(len, country.places.values()))
    print(f"{len(country.places)} cities, {areas:,} areas, {sum(map(len, country.supplies.values())):,} offerings, "
          f"{len(country.factors)} factors; seed {SEED}\n")  # fmt: skip
    with (
        tempfile.TemporaryDirectory(prefix="fm-bench-") as folder,
        services.started(Path(folder)) as variables,
        psycopg.connect(variables["DATABASE_OWNER_URL"]) as connection,
    ):
        _store(connection, country)
        _rows(connection, country, rounds=3 if quick else 5)


def _rows(connection: psycopg.Connection[Any], country: Country, rounds: int) -> None:
    city = sorted(country.places)[0]
    print(f"{'what':10} {'gaps':>8} {'plain ms':>10} {'kept ms':>9} {'x kept':>9} {'built ms':>9} {'x built':>8}")
    for name, cities in (("city", [city]), ("country", sorted(country.places))):
        asked = {"city": city if name == "city" else None, "level": MINIMUM, "day": DAY}
        built, made = _timed(lambda cities=cities: build(country, cities), rounds)
        kept, found = _timed(lambda made=made: gaps(country, made), rounds)
        plain, rows = _timed(
            lambda asked=asked: connection.execute(PLAIN, asked).fetchall(), rounds if name == "city" else 1
        )
        if sorted(rows) != found:
            raise SystemExit(f"{name}: the answers differ")
        mark = "" if plain / kept >= GOALS[name] else "-"
        print(f"{name:10} {len(found):8,} {plain * 1e3:10.1f} {kept * 1e3:9.3f} {plain / kept:8.0f}{mark or ' '} "
              f"{(built + kept) * 1e3:9.1f} {plain / (built + kept):8.1f}", flush=True)  # fmt: skip
    made, supply = build(country, [city])[city], country.supplies[city][0]
    change = _timed(lambda: made.put(supply), 50)[0]
    print(f"\nchange     one offering is put again: {change * 1e6:.0f} microseconds; every row was equal")


def build(country: Country, cities: list[str]) -> dict[str, KeptCity]:
    """The cities as the service keeps them, with the answer of the day."""
    positions = GrowingPositions()
    made = {city: KeptCity(country.places[city], positions, country.supplies[city]) for city in cities}
    for kept in made.values():
        kept.covered(DAY, MINIMUM)
    return made


def gaps(country: Country, made: dict[str, KeptCity]) -> list[Gap]:
    """(area, factor) of every gap, by area and factor: cities, areas and wanted factors are in order already."""
    found = []
    for city, kept in made.items():
        wanted = country.wanted[city]
        places = [(code, 1 << kept.positions.bits([code]).bit_length() - 1) for code in wanted]
        missing = kept.covered(DAY, MINIMUM).missing(kept.positions.bits(wanted))
        found += [(area, code) for area, bits in missing.items() for code, bit in places if bits & bit]
    return found


def _timed(run: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    times, answer = [], None
    for _ in range(rounds):
        start = perf_counter()
        answer = run()
        times.append(perf_counter() - start)
    return median(times), answer


def made_up(*, cities: int, methods: int, offered: int) -> Country:
    """48 areas in 4 districts per city; methods work on 1 to 4 of 150 factors; a third is listed at 2 or above."""
    chance = random.Random(SEED)
    factors = tuple(f"factor-{number:03}" for number in range(150))
    known = [(frozenset(chance.sample(factors, chance.randint(1, 4))), chance.choice([None, None, 0, 1, 2, 3]))
             for _ in range(methods)]  # fmt: skip
    places, wanted, supplies = {}, {}, {}
    for number in range(cities):
        city = f"GM{number:04}"
        districts = [f"{city}-district-{one}" for one in range(4)]
        places[city] = tuple(
            Place(f"WK{number:04}{one:02}", frozenset({districts[one % 4], city})) for one in range(48)
        )
        wanted[city] = tuple(sorted(chance.sample(factors, TOP)))
        supplies[city] = tuple(
            _supply(chance, f"{city}-{one:03}", methods, known, places[city], districts) for one in range(offered)
        )
    return Country(places, wanted, supplies, factors)


def _supply(chance: random.Random, code: str, methods: int, known: list[Any], places: tuple[Place, ...],
            districts: list[str]) -> Supply:  # fmt: skip
    method = chance.randrange(methods)
    factors, level = known[method]
    wide = chance.random() < 0.1
    areas = [*(one.code for one in chance.sample(places, 2)), *([chance.choice(districts)] * (chance.random() < 0.3))]
    ends = chance.choice([None, date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)])
    return Supply(
        code, f"method-{method}", Span(LONG), area_codes=frozenset() if wide else frozenset(areas), city_wide=wide,
        agreements=(Span(LONG, ends),), listings=() if level is None else (Listing(level, Span(LONG)),),
        factor_codes=factors,
    )  # fmt: skip


def _store(connection: psycopg.Connection[Any], country: Country) -> None:
    """The same rows as tables."""
    connection.execute(TABLES)  # type: ignore[arg-type]
    supplies = [(city, one) for city, ones in country.supplies.items() for one in ones]
    methods = {one.intervention_code: one for _, one in supplies}
    rows: dict[str, Any] = {
        "area": ((p.code, city, min(p.above - {city})) for city, ones in country.places.items() for p in ones),
        "wanted": ((city, factor) for city, factors in country.wanted.items() for factor in factors),
        "method_factor": ((code, factor) for code, one in methods.items() for factor in one.factor_codes),
        "recognition": ((code, o.level, o.span.start, o.span.end) for code, m in methods.items() for o in m.listings),
        "offering": ((o.offering_code, city, o.intervention_code, o.city_wide, o.span.start, o.span.end)
                     for city, o in supplies),
        "offering_area": ((one.offering_code, area) for _, one in supplies for area in one.area_codes),
        "agreement": ((one.offering_code, span.start, span.end) for _, one in supplies for span in one.agreements),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table, given in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in given:
                    copy.write_row(row)
    connection.execute(INDEXES)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
