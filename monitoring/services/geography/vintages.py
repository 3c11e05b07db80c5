"""Which vintage of an area is meant: a code has meaning only with its year (conventions.md §4)."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from config.errors import NotFound
from monitoring.models import Area, AreaSuccession
from monitoring.services.geography.successions import predecessors, successors

Vintage = tuple[int, int | None]  # from a year, until (exclusive) another or still


class AreaNotInYear(NotFound):
    """The code exists, but not in that year."""

    code = "area-not-in-year"


def area_in(code: str, year: int | None) -> Area:
    """The vintage of that year, or the newest. Raises NotFound, or AreaNotInYear saying when it did exist."""
    vintages = [] if "\x00" in code else list(Area.objects.vintages_of(code))
    if not vintages:
        raise NotFound(_("Gebied %(code)s is hier niet bekend.") % {"code": code[:40]})
    for area in vintages:
        if year is None or _holds((area.valid_from, area.valid_until), year):
            return area
    words = {"code": code, "year": year, "why": why_not_in([(code, year or 0)])[code, year or 0]}
    raise AreaNotInYear(_("Gebied %(code)s bestaat in %(year)d niet. %(why)s") % words)


def why_not_in(asked: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """For areas in years they do not exist: since when they do and what they came from, or until when and as what they
    went on. Three queries. Areas nobody knows, and years in which they do exist, are left out."""
    pairs = set(asked)
    codes = {code for code, _year in pairs}
    rows = Area.objects.filter(code__in=codes).order_by("code", "valid_from").values_list(
        "code", "valid_from", "valid_until")  # fmt: skip
    held = {code: [(first, until) for _code, first, until in some] for code, some in groupby(rows, lambda row: row[0])}
    before, after = predecessors(codes), successors(codes)
    return {(code, year): _why_not(year, held[code], _codes(before.get(code, ()), "from_code"),
                                   _codes(after.get(code, ()), "to_code"))
            for code, year in pairs if code in held and not any(_holds(one, year) for one in held[code])}  # fmt: skip


def _holds(vintage: Vintage, year: int) -> bool:
    first, until = vintage
    return first <= year and (until is None or year < until)


def _why_not(year: int, held: list[Vintage], before: str, after: str) -> str:
    ended = max((until for _first, until in held if until and until <= year), default=None)
    later = min((first for first, _until in held if first > year), default=None)
    words = {"last": ended or 0, "first": later or 0, "before": before, "after": after}
    if ended is None:
        came = _("Het is hier bekend vanaf %(first)d. Voorganger: %(before)s.")
        return (came if before else _("Het is hier bekend vanaf %(first)d.")) % words
    if later is not None:
        return _("Het gold tot %(last)d en weer vanaf %(first)d.") % words
    went = _("Het gold tot %(last)d. Opvolger: %(after)s.")
    return (went if after else _("Het gold tot %(last)d. Een opvolger is hier niet bekend.")) % words


def _codes(successions: Iterable[AreaSuccession], end: str) -> str:
    return ", ".join(dict.fromkeys(getattr(one, end) for one in successions))
