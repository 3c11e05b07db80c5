"""The same method under two names (likeness.py)."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interventions.likeness import Described, Face, Ground, compare, doubles, doubles_of
from interventions.reference import name_synonyms

SAME = name_synonyms()
LONG = "Ouders en kinderen leren samen spelen en praten, met tien huisbezoeken door een vrijwilliger uit de buurt."


def alike(one: str, other: str) -> tuple[Ground, ...]:
    found = compare(Face(Described("a", (one,)), SAME), Face(Described("b", (other,)), SAME))
    return found.grounds if found else ()


@pytest.mark.parametrize(
    ("one", "other", "ground"),
    [
        ("Buurtbaan", "Basisbaan", Ground.SAME_NAME),
        ("Wijkbanen", "Instapbaan", Ground.SAME_NAME),
        ("Ooievaarmoeders", "Ooievaarsmoeders", Ground.SIMILAR_NAME),
        ("HomeStart", "Home-Start", Ground.SIMILAR_NAME),
        ("Project Thuis op Straat", "thuis op straat", Ground.SAME_NAME),
        ("Financiële educatie", "Financiele Educatie", Ground.SAME_NAME),
        ("Sjpruutcafés (mamacafés)", "Sjpruutcafes", Ground.SAME_NAME),
        ("Dealen in Kansen / BuurtBazen", "Buurtbazen", Ground.SAME_NAME),
        ("Jongerenwerker op school", "Jongerenwerkers op scholen", Ground.SIMILAR_NAME),
    ],
)
def test_names_for_the_same_thing_are_found(one, other, ground):
    assert alike(one, other) == (ground,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thuis op Straat", "Thuis in de wijk"),
        ("Participatiebanen", "Basisbanen"),
        ("Toekomstmakelaars", "Stadmakersacademie"),
        ("Meidenwerk", "Jongerenwerk"),
        ("Peuterconsulent", "Toeleidingsconsulent"),
    ],
)
def test_names_that_only_share_words_are_left_alone(one, other):
    assert alike(one, other) == ()


def test_the_same_page_of_a_database_is_a_ground():
    one = Described("a", ("Ene",), links=("https://www.nji.nl/interventies/een/?utm=x",))
    other = Described("b", ("Andere naam",), links=("http://nji.nl/interventies/een",))
    front = Described("c", ("Derde",), links=("https://www.nji.nl/",))

    assert [(pair.first, pair.second, pair.grounds) for pair in doubles([one, other, front], SAME)] == [
        ("a", "b", (Ground.SAME_LINK,))
    ]


def test_the_same_description_is_a_ground_and_a_short_one_is_not():
    long = [Described("a", ("Ene",), LONG), Described("b", ("Andere",), LONG.upper().replace("tien", "acht"))]
    short = [Described("a", ("Ene",), "Minder verzuim"), Described("b", ("Andere",), "Minder verzuim")]

    assert [pair.grounds for pair in doubles(long, SAME)] == [(Ground.SAME_DESCRIPTION,)]
    assert doubles(short, SAME) == ()


def test_parts_of_one_whole_are_marked_as_related():
    whole = Described("whole", ("Wijkbanen",))
    here, there = (Described(code, ("Buurtbanen",), parent_code="whole") for code in ("here", "there"))
    elsewhere = Described("elsewhere", ("Buurtbanen",))

    found = {(pair.first, pair.second): pair.related for pair in doubles([whole, here, there, elsewhere], SAME)}

    assert found == {
        ("here", "whole"): True, ("there", "whole"): True, ("here", "there"): True, ("elsewhere", "whole"): False,
        ("elsewhere", "here"): False, ("elsewhere", "there"): False,
    }  # fmt: skip


WORDS = some.sampled_from(
    ["buurt", "moeder", "ooievaar", "ooievaars", "baan", "school", "op", "straat", "thuis", "café"]
)
NAMES = some.lists(WORDS, min_size=1, max_size=4).map(" ".join)
REGISTER = some.lists(
    some.builds(lambda name, text, link: ((name,), text, link), NAMES, some.sampled_from(["", LONG, LONG + " Nu."]),
                some.sampled_from([(), ("https://a.nl/x",), ("https://a.nl/y",)])), max_size=12,
).map(lambda rows: [Described(f"m-{n:02}", *row) for n, row in enumerate(rows)])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(register=REGISTER)
def test_looking_only_where_it_can_be_finds_what_comparing_all_finds(register):
    faces = [Face(told, SAME) for told in register]
    every = {pair for one, other in combinations(faces, 2) if (pair := compare(one, other))}

    assert set(doubles(register, SAME)) == every
    for told in register:
        assert set(doubles_of(told, register, SAME)) == {p for p in every if told.code in (p.first, p.second)}


@given(one=NAMES, other=NAMES)
def test_likeness_goes_both_ways(one, other):
    assert alike(one, other) == alike(other, one)
    assert alike(one, one)[0] is Ground.SAME_NAME
