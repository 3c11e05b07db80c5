"""What an area is set beside: the words of `against=` made into areas, or groups of areas."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.errors import Fault, NotFound, Refusal
from monitoring.models import Area, AreaMembership
from monitoring.models.area import AreaLevel
from monitoring.profile import Company, Peer, Place
from monitoring.services.geography.vintages import area_in
from monitoring.services.profiles.similar import Similar, similar_to

WORDS = ("parents", "country", "similar", "own-trend")
"""Besides these words, the code of any area or group."""
COMMON = ("parents", "own-trend")
MOST_WORDS = 10


@dataclass(frozen=True)
class Chosen:
    """peers: in the order asked, each once. areas: every area among them, by code. similar: how those were found."""

    peers: tuple[Peer, ...]
    areas: dict[str, Area]
    similar: Similar | None = None

    @property
    def codes(self) -> frozenset[str]:
        """Areas whose figures are needed."""
        return frozenset(code for peer in self.peers for code in (peer.code, *peer.members))


def company(area: Area, above: Sequence[Area], against: Sequence[str], *, year: int | None = None,
            on: Sequence[str] = (), indicator: str = "") -> Chosen:  # fmt: skip
    """Whom to set beside the area. year: in which to look at what lies where; without it whenever.
    on: indicators that make areas similar.

    Raises Refusal naming every word that is no area, with its successor where the area is no more.
    """
    chosen = _Choosing(area, above, year, on, indicator)
    for at, word in enumerate(against):
        chosen.take(at, word)
    if chosen.faults:
        raise Refusal(_("Dit is geen gebied om mee te vergelijken."), chosen.faults)
    peers = {(peer.kind, peer.code): peer for peer in chosen.peers}
    return Chosen(tuple(peers.values()), {one.code: one for one in chosen.areas}, chosen.similar)


class _Choosing:
    def __init__(self, area: Area, above: Sequence[Area], year: int | None, on: Sequence[str], indicator: str) -> None:
        self.area, self.above, self.year, self.on, self.indicator = area, above, year, on, indicator
        self.peers: list[Peer] = []
        self.areas: list[Area] = list(above)
        self.faults: list[Fault] = []
        self.similar: Similar | None = None

    def take(self, at: int, word: str) -> None:
        if word == "parents":
            self.peers += [Peer("parent", one.code, one.level) for one in self.above]
        elif word == "country":
            self.peers += [Peer("country", one.code, one.level) for one in self.above if one.level == AreaLevel.COUNTRY]
        elif word == "own-trend":
            self.peers.append(Peer("own-earlier", self.area.code, self.area.level, "apart"))
            self.areas.append(self.area)
        elif word == "similar":
            self._take_similar()
        else:
            self._take_area(at, word)

    def _take_similar(self) -> None:
        self.similar = similar_to(self.area, self.year, on=self.on, indicator=self.indicator)
        codes = tuple(one.code for one in self.similar.areas)
        self.peers.append(Peer("similar", "similar", self.area.level, "apart", codes))
        self.areas += Area.objects.filter(code__in=codes).newest()

    def _take_area(self, at: int, code: str) -> None:
        try:
            found = area_in(code, self.year)
        except NotFound as problem:
            self.faults.append(Fault("against", problem.code, problem.detail, "query", value=code[:40],
                                     expected=[*WORDS, "areaCode"]))  # fmt: skip
            return
        members = AreaMembership.objects.in_year(self.year).filter(parent_code=code, hierarchy=code)
        codes = tuple(members.order_by("child_code").values_list("child_code", flat=True).distinct())
        kind: Company = "group" if found.level == AreaLevel.GROUP else "area"
        self.peers.append(Peer(kind, code, found.level, self._place(code, codes), codes))
        self.areas.append(found)

    def _place(self, code: str, members: Sequence[str]) -> Place:
        if code in {one.code for one in self.above} or self.area.code in members:
            return "around"
        return "inside" if code in AreaMembership.objects.below(self.area.code, self.year) else "apart"
