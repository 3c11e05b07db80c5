"""The invented part of the demo city (interventions/data/demo): all carry demo = true, names say "(demo)"."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from config.loading import read_csv, split
from interventions.models import Agreement, Intervention, Offering, Organisation
from interventions.reference import DATA
from interventions.services.register import FactorLink, Listing

FOLDER = DATA / "demo"
CITY = "GM0363"
BASIS = SOURCE = "demo"
ARRAYS = ("domain_codes", "life_phases", "life_domains", "prevention_levels")


def organisations() -> Iterator[Organisation]:
    """The demo's providers."""
    for row in read_csv(FOLDER / "organisations.csv"):
        yield Organisation(**row, demo=True)


def interventions() -> Iterator[Intervention]:
    """The demo's interventions, with prevention levels: the real ones have none."""
    for row in read_csv(FOLDER / "interventions.csv"):
        lists = {name: split(row.pop(name)) for name in ARRAYS}
        yield Intervention(**row, **lists, source=SOURCE, demo=True)


def factor_links() -> dict[str, list[FactorLink]]:
    """Per intervention code the factors it works on, and which way."""
    found = defaultdict(list)
    for row in read_csv(FOLDER / "intervention_factors.csv"):
        link = FactorLink(row["factor_code"], basis=BASIS, direction=row["direction"], source=SOURCE)
        found[row["intervention_code"]].append(link)
    return found


def listings() -> dict[str, list[Listing]]:
    """Per intervention code the ladder levels it held."""
    found = defaultdict(list)
    for row in read_csv(FOLDER / "recognitions.csv"):
        listing = Listing(
            level=int(row["level"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
            database_code=row["database_code"] or None,
            committee=row["committee"],
            source=SOURCE,
        )
        found[row["intervention_code"]].append(listing)
    return found


def offerings() -> Iterator[Offering]:
    """The demo's offerings in the demo city."""
    for row in read_csv(FOLDER / "offerings.csv"):
        yield Offering(
            code=row["code"],
            name_nl=row["name_nl"],
            municipality_code=CITY,
            organisation_id=row["organisation_code"],
            intervention_id=row["intervention_code"],
            service_type_id=row["service_type_code"],
            city_wide=row["city_wide"] == "yes",
            area_codes=split(row["area_codes"]),
            starts_on=date.fromisoformat(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            intended_reach=int(row["intended_reach"]),
            target_group_nl=row["target_group_nl"],
            volume=row["volume"],
            dose=row["dose"],
            demo=True,
        )


def agreements() -> Iterator[Agreement]:
    """The demo's agreements; some offerings have none, one outlived its last."""
    for row in read_csv(FOLDER / "agreements.csv"):
        yield Agreement(
            code=row["code"],
            municipality_code=CITY,
            offering_id=row["offering_code"],
            order_number=row["order_number"],
            amount=Decimal(row["amount"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
            account_holder=row["account_holder"],
            quality_nl=row["quality_nl"],
            measuring_nl=row["measuring_nl"],
            demo=True,
        )


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
