"""Marking offerings of which the coverage changed, so that whoever keeps coverage reads only those again."""

from collections.abc import Collection

from django.db import connections
from django.db.models import Max

from interventions.models import CoverMark, Offering

STORE = "default"
MARK = """
INSERT INTO interventions_covermark (offering_code, municipality_code, revision)
SELECT code, municipality_code, %s FROM interventions_offering WHERE code = ANY(%s)
ON CONFLICT (offering_code) DO UPDATE SET revision = excluded.revision
"""


def mark(codes: Collection[str]) -> None:
    """Give the offerings the next revision; call it inside the transaction of the change.

    Takes a lock per city that is held until the commit: a reader that has seen a revision of a city has seen all before
    it. The numbers come from a sequence, so that none is ever used twice, not even after a rollback.
    """
    if not codes:
        return
    cities = Offering.objects.filter(code__in=codes).values_list("municipality_code", flat=True).distinct()
    with connections[STORE].cursor() as cursor:
        for city in sorted(cities):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cover of {city}"])
        cursor.execute("SELECT nextval('interventions_cover_revision')")
        cursor.execute(MARK, [cursor.fetchone()[0], list(codes)])


def revisions(cities: Collection[str]) -> dict[str, int]:
    """The newest revision of each of the cities; one that never changed is left out. One query."""
    rows = CoverMark.objects.filter(municipality_code__in=cities)
    return dict(rows.values_list("municipality_code").annotate(newest=Max("revision")))


def changed_since(city: str, revision: int) -> tuple[str, ...]:
    """Offerings of a city that changed after a revision. One query."""
    rows = CoverMark.objects.filter(municipality_code=city, revision__gt=revision)
    return tuple(rows.values_list("offering_code", flat=True))
