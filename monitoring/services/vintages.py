"""Which vintage of an area is meant: a code has meaning only with its year (conventions.md §4)."""

from django.utils.translation import gettext as _

from config.errors import NotFound
from monitoring.models import Area
from monitoring.services.successions import successors


class AreaNotInYear(NotFound):
    """The code exists, but not in that year."""

    code = "area-not-in-year"


def area_in(code: str, year: int | None) -> Area:
    """The vintage of that year, or the newest. Raises NotFound, or AreaNotInYear saying when it did exist."""
    vintages = [] if "\x00" in code else list(Area.objects.vintages_of(code))
    if not vintages:
        raise NotFound(_("Gebied %(code)s is hier niet bekend.") % {"code": code[:40]})
    for area in vintages:
        if year is None or (area.valid_from <= year and (area.valid_until is None or year < area.valid_until)):
            return area
    raise AreaNotInYear(_why_not(code, year or 0, vintages))


def _why_not(code: str, year: int, vintages: list[Area]) -> str:
    oldest, newest = vintages[-1], vintages[0]
    if year < oldest.valid_from:
        return _("Gebied %(code)s is hier bekend vanaf %(first)d, niet in %(year)d.") % {
            "code": code, "first": oldest.valid_from, "year": year}  # fmt: skip
    words = {"code": code, "last": newest.valid_until, "year": year}
    if known := list(dict.fromkeys(one.to_code for one in successors([code]).get(code, ()))):
        text = _("Gebied %(code)s gold tot %(last)s, niet in %(year)d. Opvolger: %(codes)s.")
        return text % (words | {"codes": ", ".join(known)})
    return _("Gebied %(code)s gold tot %(last)s, niet in %(year)d. Een opvolger is hier niet bekend.") % words
