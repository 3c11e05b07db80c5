"""Loading tables of organisations, interventions, offerings and agreements: all of a file or nothing.

A row is added or replaces the one with its key; what a file does not name stays, rows and columns alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from config.errors import Fault
from interventions.models import Agreement, Intervention, InterventionFactor, Offering, Organisation, Recognition
from interventions.services.register import checking
from interventions.services.register.announcing import STORE, announcing
from interventions.services.register.interventions import (
    FactorLink,
    links_of,
    listing_of,
    listings_of,
    replace_factors,
    replace_recognitions,
)
from interventions.services.register.writing import Change, write_all

TABLES: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "organisations": (Organisation, ("code",)),
    "interventions": (Intervention, ("code",)),
    "intervention-factors": (InterventionFactor, ("intervention_id", "factor_code")),
    "recognitions": (Recognition, ("intervention_id", "valid_from")),
    "offerings": (Offering, ("code",)),
    "agreements": (Agreement, ("code",)),
}
"""Tables in the order of loading, each with the fields that name a row."""
REJECTED, HELD_BACK = "rejected", "held-back"


@dataclass(frozen=True)
class Row:
    """One row of a file. values: by model field. given: the fields that the file has a column for.

    missing: names of required columns that the file does not have; faults: what is wrong in its own cells.
    """

    table: str
    number: int
    values: Mapping[str, Any]
    given: frozenset[str]
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What came of a row: created, updated, unchanged, rejected, or held-back for the faults of others."""

    row: Row
    outcome: str
    faults: tuple[Fault, ...] = ()


def load_supply(
    *, rows: Sequence[Row], actor: str, municipalities: Collection[str], dry_run: bool = False
) -> tuple[Loaded, ...]:
    """Store every row, or none if any is wrong; dry_run: none at all. In the order given.

    municipalities: whose offerings and agreements the actor may write.
    """
    with transaction.atomic(using=STORE):
        tables = {name: _merged(name, [row for row in rows if row.table == name]) for name in TABLES}
        faults = _faults(tables, municipalities)
        wrong = {id(row): (*row.faults, *faults[id(row)]) for row in rows if row.faults or faults[id(row)]}
        if wrong:
            return tuple(
                Loaded(row, REJECTED if id(row) in wrong else HELD_BACK, wrong.get(id(row), ())) for row in rows
            )
        done = _store(tables, actor)
        transaction.set_rollback(dry_run, using=STORE)
    return tuple(Loaded(row, done[id(row)]) for row in rows)


@dataclass(frozen=True)
class _Merged:
    """A row beside what is stored of it. values: what the row will be."""

    row: Row
    stored: Any
    values: Mapping[str, Any]

    @property
    def thing(self) -> Any:
        """The row of the table, with columns that nobody may enter (such as `demo`) as they were."""
        thing = self.stored or TABLES[self.row.table][0]()
        for name, value in self.values.items():
            setattr(thing, name, value)
        return thing


def _merged(table: str, rows: Sequence[Row]) -> list[_Merged]:
    """For rows that are there already, what the file has no column for comes from the store. One query."""
    model, key = TABLES[table]
    asked = [row.values[key[0]] for row in rows if key[0] in row.values]
    known = {tuple(getattr(one, name) for name in key): one
             for one in model._default_manager.filter(**{f"{key[0]}__in": asked})} if asked else {}  # fmt: skip
    return [_beside(row, known.get(tuple(row.values.get(name) for name in key))) for row in rows]


def _beside(row: Row, stored: Any) -> _Merged:
    if stored is None:
        return _Merged(row, None, row.values)
    kept = {name: getattr(stored, name) for name in row.values if name not in row.given}
    columns = {field.attname: getattr(stored, field.attname) for field in stored._meta.concrete_fields}
    unread = {name: value for name, value in columns.items() if name not in row.given and name not in row.values}
    return _Merged(row, stored, {**row.values, **kept, **unread})


def _faults(tables: Mapping[str, list[_Merged]], municipalities: Collection[str]) -> defaultdict[int, list[Fault]]:
    """By row what is wrong with it beside the others, the store and the rights of the actor."""
    fresh = {name: {one.values["code"] for one in ones if "code" in one.values}
             for name, ones in tables.items()}  # fmt: skip
    cities = {one.values["code"]: one.values.get("municipality_code", "")
              for one in tables["offerings"] if "code" in one.values}  # fmt: skip
    found: defaultdict[int, list[Fault]] = defaultdict(list)

    def look(table: str, check: Callable[[list[Mapping[str, Any]]], checking.Found]) -> None:
        for number, fault in check([one.values for one in tables[table]]):
            found[id(tables[table][number].row)].append(fault)

    look("interventions", checking.intervention_faults)
    look("offerings", lambda rows: checking.offering_faults(rows, fresh))
    look("offerings", checking.moved_faults)
    look("agreements", lambda rows: checking.agreement_faults(rows, cities))
    for table, check in (("intervention-factors", checking.link_faults), ("recognitions", checking.listing_faults)):
        look(table, lambda rows: checking.owner_faults(rows, fresh))
        look(table, check)
    for table, ones in tables.items():
        if TABLES[table][1] == ("code",):
            look(table, lambda rows: checking.twice(rows, ("code",), "code", _("Deze code staat er vaker in.")))
        for fresh_row in [one.row for one in ones if one.stored is None][:1]:
            found[id(fresh_row)] += _columns_missing(fresh_row)
        for one in ones:
            found[id(one.row)] += _foreign(one, municipalities)
    return found


def _columns_missing(row: Row) -> Iterator[Fault]:
    """Columns that new rows need; told at the first of them, since it is the same for all."""
    return (Fault(f"#/{name}", "column-missing", _("Deze kolom ontbreekt.")) for name in row.missing)


def _foreign(one: _Merged, municipalities: Collection[str]) -> Iterator[Fault]:
    """Rows of a municipality that is not the actor's."""
    city, before = one.values.get("municipality_code"), getattr(one.stored, "municipality_code", None)
    if before not in (None, city) or (before is not None and before not in municipalities):
        yield Fault("#/code", "already-exists", _("Deze code is al in gebruik."), value=one.values.get("code"))
    elif city is not None and city not in municipalities:
        detail = _("Voor deze gemeente mag u niets invoeren.")
        yield Fault("#/municipalityCode", "other-municipality", detail, value=city, expected=sorted(municipalities))


def _store(tables: Mapping[str, list[_Merged]], actor: str) -> dict[int, Change]:
    """By row what was done. Every offering that changes is announced once."""
    done: dict[int, Change] = {}
    for name in ("organisations", "interventions"):
        done |= _written(tables[name], name, actor)
    with announcing(interventions=_touched(tables)):
        done |= _linked(tables["intervention-factors"], actor)
        done |= _listed(tables["recognitions"], actor)
        for name in ("offerings", "agreements"):
            done |= _written(tables[name], name, actor)
    return done


def _touched(tables: Mapping[str, list[_Merged]]) -> set[str]:
    """Interventions of which an offering may change: those that rows name, and those that offerings leave."""
    about = [*tables["intervention-factors"], *tables["recognitions"], *tables["offerings"]]
    named = {one.values["intervention_id"] for one in about}
    codes = [one.values["code"] for one in tables["offerings"]]
    codes += [one.values["offering_id"] for one in tables["agreements"]]
    return named | set(Offering.objects.filter(code__in=codes).values_list("intervention_id", flat=True))


def _written(ones: list[_Merged], resource: str, actor: str) -> dict[int, Change]:
    changes = write_all([one.thing for one in ones], actor=actor, resource=resource)
    return {id(one.row): change for one, change in zip(ones, changes, strict=True)}


def _linked(ones: list[_Merged], actor: str) -> dict[int, Change]:
    links = {code: {row["factor_code"]: FactorLink(**row) for row in rows}
             for code, rows in links_of({one.values["intervention_id"] for one in ones}).items()}  # fmt: skip
    done = {}
    for one in ones:
        wanted = FactorLink(**{name: one.values[name] for name in ("factor_code", "basis", "direction", "source")})
        done[id(one.row)] = _put(links[one.values["intervention_id"]], wanted.factor_code, wanted)
    replace_factors(links={code: list(known.values()) for code, known in links.items()}, actor=actor)
    return done


def _listed(ones: list[_Merged], actor: str) -> dict[int, Change]:
    known = {code: {listing.valid_from: listing for listing in rows}
             for code, rows in listings_of({one.values["intervention_id"] for one in ones}).items()}  # fmt: skip
    names = ("level_id", "database_id", "valid_from", "valid_until", "committee", "url", "source")
    done = {}
    for one in ones:
        wanted = listing_of({name: one.values[name] for name in names})
        done[id(one.row)] = _put(known[one.values["intervention_id"]], wanted.valid_from, wanted)
    replace_recognitions(listings={code: list(rows.values()) for code, rows in known.items()}, actor=actor)
    return done


def _put(known: dict[Any, Any], key: Any, wanted: Any) -> Change:
    before = known.get(key)
    known[key] = wanted
    return Change.CREATED if before is None else Change.UNCHANGED if before == wanted else Change.UPDATED


def counts_of(loaded: Sequence[Loaded]) -> dict[str, dict[str, int]]:
    """Table → how many rows met which fate."""
    counted = Counter((one.row.table, one.outcome) for one in loaded)
    return {
        table: {outcome: counted[table, outcome] for outcome in (*Change, REJECTED, HELD_BACK)}
        for table in TABLES
        if any(one.row.table == table for one in loaded)
    }


def supply_of_city(*, municipality_code: str) -> dict[str, list[Any]]:
    """The rows of every table as they are: those all municipalities share, and offerings and agreements of one."""
    own = {"municipality_code": municipality_code}
    return {
        table: list(model._default_manager.filter(**own if table in {"offerings", "agreements"} else {}).order_by(*key))
        for table, (model, key) in TABLES.items()
    }
