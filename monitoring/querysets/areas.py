"""Questions about areas: which vintage, what lies above and below."""

from collections.abc import Collection
from typing import NamedTuple, Self

from django.db import connections, models
from django.db.models import Q, QuerySet

from config.stores import ask

STORE = "monitoring"
NEAREST_FIRST = ("sub-neighbourhood", "neighbourhood", "district", "focus-area", "municipality", "group", "country")


def holds_in(year: int) -> Q:
    """What is valid in a year: from–until, the end not included."""
    return Q(valid_from__lte=year) & (Q(valid_until__isnull=True) | Q(valid_until__gt=year))


class AreaQuerySet(QuerySet):  # type: ignore[type-arg]
    def in_year(self, year: int | None) -> Self:
        """Vintages that hold in the year; all vintages when no year is given."""
        return self if year is None else self.filter(holds_in(year))

    def vintages_of(self, code: str) -> Self:
        """All vintages of one code, newest first."""
        return self.filter(code=code).order_by("-valid_from")

    def newest(self) -> Self:
        """One vintage per code: the newest."""
        return self.order_by("code", "-valid_from").distinct("code")


class Link(NamedTuple):
    """A child lies in a parent within a hierarchy, from a year until another (exclusive) or still."""

    child_code: str
    hierarchy: str
    parent_code: str
    valid_from: int
    valid_until: int | None


class MembershipQuerySet(QuerySet):  # type: ignore[type-arg]
    def in_year(self, year: int | None) -> Self:
        return self if year is None else self.filter(holds_in(year))

    def above(self, code: str, year: int | None = None) -> tuple[str, ...]:
        """Codes of all areas that contain it, in every hierarchy, nearest first. One query."""
        return _walk(self.model, code, year, found="parent_code", given="child_code")

    def below(self, code: str, year: int | None = None) -> tuple[str, ...]:
        """Codes of all areas within it, in every hierarchy, nearest first. One query."""
        return _walk(self.model, code, year, found="child_code", given="parent_code")

    def parents(self, codes: Collection[str], year: int | None = None) -> list[Link]:
        """What areas lie in directly, by hierarchy and parent. One query."""
        return [Link(*row) for row in ask(STORE, _PARENTS, {"codes": list(codes), "year": year})]

    def within_each_other(self, codes: Collection[str], year: int) -> tuple[str, ...]:
        """Those of the codes that lie in another of them, at any depth. One query."""
        with connections[STORE].cursor() as cursor:
            cursor.execute(_INSIDE, {"codes": list(codes), "year": year})
            return tuple(code for (code,) in cursor.fetchall())


_PARENTS = """
    SELECT child_code, hierarchy, parent_code, valid_from, valid_until FROM monitoring_areamembership
    WHERE child_code = ANY(%(codes)s)
      AND (%(year)s::int IS NULL OR (valid_from <= %(year)s AND coalesce(valid_until > %(year)s, true)))
    ORDER BY hierarchy, parent_code, valid_from, child_code
"""
_INSIDE = """
    WITH RECURSIVE walk(code) AS (
        SELECT child_code FROM monitoring_areamembership
        WHERE parent_code = ANY(%(codes)s) AND valid_from <= %(year)s AND coalesce(valid_until > %(year)s, true)
        UNION
        SELECT m.child_code FROM walk JOIN monitoring_areamembership m ON m.parent_code = walk.code
        WHERE m.valid_from <= %(year)s AND coalesce(m.valid_until > %(year)s, true)
    )
    SELECT code FROM walk WHERE code = ANY(%(codes)s) ORDER BY code
"""


def _walk(model: type[models.Model], code: str, year: int | None, *, found: str, given: str) -> tuple[str, ...]:
    """Follow memberships; a circle ends by itself (UNION keeps each code once)."""
    table, areas = model._meta.db_table, "monitoring_area"
    sql = f"""
        WITH RECURSIVE walk(code) AS (
            SELECT %(code)s::text
            UNION
            SELECT m.{found} FROM {table} m JOIN walk ON m.{given} = walk.code
            WHERE %(year)s::int IS NULL OR (m.valid_from <= %(year)s AND coalesce(m.valid_until > %(year)s, true))
        )
        SELECT walk.code, min(area.level) FROM walk LEFT JOIN {areas} area ON area.code = walk.code
        WHERE walk.code <> %(code)s GROUP BY walk.code
    """  # noqa: S608 - names of our own tables and columns only
    rows = ask(STORE, sql, {"code": code, "year": year})
    sign = 1 if found == "parent_code" else -1
    return tuple(code for code, level in sorted(rows, key=lambda row: (sign * _distance(row[1]), row[0])))


def _distance(level: str | None) -> int:
    return NEAREST_FIRST.index(level) if level in NEAREST_FIRST else len(NEAREST_FIRST)
