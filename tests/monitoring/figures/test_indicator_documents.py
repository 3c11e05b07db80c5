"""Definitions of indicators as files: what they say, what they may not say, and the published list beside them."""

import io

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from monitoring.indicator_documents import BadIndicator, read, read_file, written
from monitoring.models import Indicator, IndicatorDefinition, IndicatorLink
from monitoring.services.figures.indicators import read_folder
from tests.factories.figures import an_area, an_observation, loaded
from tests.monitoring.figures.data import DATA, rows

FOLDER = DATA / "indicators"
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
NEVER = {"areas": "none", "periods": "none"}
LEAST = {"code": "sport", "kind": "effect", "name": {"nl": "Sport"}, "combinationRules": NEVER}


def test_each_file_says_what_the_published_list_says():
    known = {one.indicator["code"]: one.indicator for one in read_folder(FOLDER)}

    published = rows("nplv_indicators.csv")
    assert len(published) == 65
    for row in published:
        found = known[row["code"]]
        said = ("name_nl", "name_en", "kind", "unit", "population_nl", "frequency", "source_body", "source")
        assert {name: found[name] for name in said} == {name: row[name] for name in said}
        assert (found["direction"], found["how_measured_nl"]) == (row["direction_suggested"], row["definition_notes"])


def test_each_file_is_read_as_it_is_written():
    for one in read_folder(FOLDER):
        assert read_file(written(one).encode()) == one


@given(nl=TEXTS.filter(bool), note=TEXTS, months=st.integers(1, 600) | st.none(),
       difference=st.floats(0, 1e6) | st.none(), versions=st.lists(TEXTS, max_size=3, unique=True))  # fmt: skip
def test_any_definition_survives_its_file(nl, note, months, difference, versions):
    document = LEAST | {
        "name": {"nl": nl}, "howMeasured": note, "everyMonths": months, "relevantDifference": difference,
        "relevantDifferenceBasis": "x", "definitions": [{"version": version} for version in versions] or [{}],
    }  # fmt: skip

    found = read(document)

    assert read_file(written(found).encode()) == found


@pytest.mark.parametrize(("more", "place", "code"), [
    ({"kind": "mood"}, "#/kind", "unknown-choice"), ({"kind": None}, "#/kind", "required"),
    ({"code": "Sport Club"}, "#/code", "bad-code"), ({"decimals": "1"}, "#/decimals", "wrong-type"),
    ({"decimals": True}, "#/decimals", "wrong-type"), ({"decimals": 10**400}, "#/decimals", "out-of-range"),
    ({"relevantDifference": float("nan"), "relevantDifferenceBasis": "x"}, "#/relevantDifference", "out-of-range"),
    ({"relevantDifference": 10**400, "relevantDifferenceBasis": "x"}, "#/relevantDifference", "out-of-range"),
    ({"relevantDifference": 1}, "#/relevantDifferenceBasis", "required"),
    ({"nextExpected": "spring"}, "#/nextExpected", "bad-period"), ({"colour": 1}, "#/colour", "unknown-key"),
    ({"name": "Sport"}, "#/name", "not-an-object"), ({"name": {"nl": "a\x00"}}, "#/name/nl", "unprintable"),
    ({"combinationRules": {"areas": "pooled-ratio", "periods": "none"}}, "#/combinationRules", "no-ratio"),
    ({"combinationRules": {"areas": "last", "periods": "none"}}, "#/combinationRules/areas", "unknown-choice"),
    ({"definitions": [{"version": "a"}, {"version": "a"}]}, "#/definitions/1", "double"),
    ({"definitions": []}, "#/definitions", "required"), ({"links": {}}, "#/links", "not-a-list"),
    ({"links": [{"targetKind": "factor", "role": "measures", "basis": "x"}]}, "#/links/0/targetCode", "required"),
    ({"themes": "sport"}, "#/themes", "not-a-list"),
])  # fmt: skip
def test_every_fault_has_its_place(more, place, code):
    with pytest.raises(BadIndicator) as refused:
        read(LEAST | more)

    assert (place, code) in [(fault.location, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("document", [None, [], "sport", 3])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(BadIndicator):
        read(document)


@pytest.fixture
def folder(tmp_path):
    """A folder with the definition of `sport`, whose text a test may change."""
    return tmp_path


def file_of(folder, name, **more):
    (folder / f"{name}.toml").write_text(written(read(LEAST | {"code": name} | more)), encoding="utf-8")


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_indicators", *map(str, args), stdout=out, stderr=err)
    return out.getvalue()


@pytest.mark.usefixtures("stores")
class TestCommand:
    def test_it_loads_a_folder_and_again_changes_nothing(self, folder):
        file_of(folder, "sport", links=[{"targetKind": "factor", "targetCode": "x", "role": "measures", "basis": "me"}])

        assert "indicators: 1 created" in run(folder)
        assert "0 created, 0 updated, 1 unchanged" in run(folder)
        assert IndicatorDefinition.objects.filter(indicator="sport").count() == 1

    def test_a_check_stores_nothing(self, folder):
        file_of(folder, "sport")

        assert "no faults" in run(folder, "--check")
        assert not Indicator.objects.filter(code="sport").exists()

    def test_a_link_that_is_no_longer_named_goes_away(self, folder):
        file_of(folder, "sport", links=[{"targetKind": "factor", "targetCode": "x", "role": "measures", "basis": "me"}])
        run(folder)
        file_of(folder, "sport")

        assert "1 removed" in run(folder)
        assert not IndicatorLink.objects.filter(indicator="sport").exists()

    def test_one_bad_file_stops_all_and_every_fault_is_named(self, folder):
        file_of(folder, "sport")
        (folder / "broken.toml").write_text("code = ")
        (folder / "other.toml").write_text(written(read(LEAST | {"code": "another"})))
        (folder / "bad.toml").write_text('code = "bad"\nkind = "mood"\n[name]\nnl = "x"\n')
        err = io.StringIO()

        with pytest.raises(CommandError):
            call_command("load_indicators", str(folder), stdout=io.StringIO(), stderr=err)

        told = err.getvalue()
        for place in ("broken.toml#", "other.toml#/code", "bad.toml#/kind", "bad.toml#/combinationRules/areas"):
            assert place in told
        assert not Indicator.objects.filter(code="sport").exists()

    def test_a_published_list_gives_a_first_file_and_stays_as_it_is(self, folder):
        before = (DATA / "nplv_indicators.csv").read_bytes()

        out = run(folder, "--draft-from", DATA / "nplv_indicators.csv", "--check")

        assert out.count("drafted") == 65
        assert "65 definitions, no faults" in out
        assert (DATA / "nplv_indicators.csv").read_bytes() == before

    def test_a_definition_with_figures_cannot_go(self, folder):
        file_of(folder, "sport", definitions=[{"version": "old"}, {"version": "new"}])
        run(folder)
        an_area()
        loaded(an_observation(indicator_code="sport", definition_version="old"))
        file_of(folder, "sport", definitions=[{"version": "new"}])

        with pytest.raises(Exception, match="old"):
            run(folder)

        assert IndicatorDefinition.objects.filter(indicator="sport").count() == 2
