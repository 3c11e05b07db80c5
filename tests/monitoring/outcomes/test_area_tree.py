"""What the cells of a place are made of, however its areas lie."""

from hypothesis import given
from hypothesis import strategies as st

from monitoring.services.geography.area_tree import AreaTree

CITY = "GM1"
LEVELS = {"D": "district", "W": "neighbourhood", "B": "sub-neighbourhood"}
AREAS = [f"{letter}{n}" for letter in LEVELS for n in range(1, 5)]


@st.composite
def trees(draw):
    """Areas that lie in any others of a larger level; not all lie in one, and some in several."""
    parents = {}
    for area in AREAS:
        larger = [CITY, *(other for other in AREAS if list(LEVELS).index(other[0]) < list(LEVELS).index(area[0]))]
        parents[area] = draw(st.frozensets(st.sampled_from(larger), max_size=2))
    return AreaTree(CITY, {CITY: "municipality"} | {area: LEVELS[area[0]] for area in AREAS}, parents)


@given(trees())
def test_each_area_in_a_place_is_its_own_or_lies_in_exactly_one_part(tree):
    for place, block in tree.blocks.items():
        inside = {area for area, above in tree.above.items() if place in above}
        covered = [area for part in block.parts for area, above in tree.above.items() if part in above]

        assert sorted([*block.own, *covered]) == sorted(inside)
        assert all(tree.blocks[part].layer < block.layer for part in block.parts)


def test_a_city_is_made_of_districts_where_these_do_not_overlap():
    inside = {"W1": {"D1", CITY}, "W2": {"D1", CITY}, "W3": {CITY}, "D1": {CITY}, "D2": {CITY}}
    levels = {CITY: "municipality"} | {area: LEVELS[area[0]] for area in inside}
    parents = {area: frozenset(above) for area, above in inside.items()}
    overlapping = parents | {"W2": frozenset({"D1", "D2", CITY})}

    assert AreaTree(CITY, levels, parents).blocks[CITY].parts == {"D1", "D2", "W3"}
    assert AreaTree(CITY, levels, overlapping).blocks[CITY].parts == {"W1", "W2", "W3"}
