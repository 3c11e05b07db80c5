"""The front door of the register, as other apps use it."""

import pytest
from django.utils import translation

from factors import public
from factors.models import RankingDefinition, RankingMark
from factors.services.marks import mark
from factors.services.rankings import recompute_marked
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def newest():
    RankingMark.objects.all().delete()
    mark(RankingDefinition.objects.filter(code="public-rip-2019"), reason="test")
    recompute_marked()
    return public.newest_ranking(definition_code="public-rip-2019")


def test_labels_come_in_the_language_of_the_request_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        dutch = public.factor_labels(codes=["loneliness", "low-ses", "no-such-factor"])
    with translation.override("en"):
        english = public.factor_labels(codes={"loneliness"})

    assert dutch == {"loneliness": "Eenzaamheid", "low-ses": "Lage sociaaleconomische status"}
    assert english == {"loneliness": "Loneliness"}


def test_a_draft_gives_no_labels():
    factory.draft(golden.MODEL)

    assert public.factor_labels(codes=["skills"]) == {}


def test_pillars_come_with_their_domains():
    told = public.pillars()

    assert [pillar.code for pillar in told] == ["opportunity", "safety", "health"]
    assert [len(pillar.domains) for pillar in told] == [3, 3, 3]
    assert told[0].domains[0] == public.DomainEntry("school-performance", "Schoolprestaties")


def test_codes_of_the_texts_become_our_factor_codes():
    told = public.translate_factor_codes(codes=["poverty-debts-in-family", "loneliness", "temperance"])

    assert told == {"poverty-debts-in-family": ("debt", "economic-deprivation"), "loneliness": ("loneliness",)}
    assert public.translate_factor_codes(scheme="other", codes=["loneliness"]) == {}


def test_the_newest_ranking_tells_every_factor_on_its_place(newest):
    first, last = newest.factors[0], newest.factors[-1]

    assert (newest.model_code, newest.model_version, newest.method) == ("public", "1.0.0", "rip-2019")
    assert (first.dense_rank, first.competition_rank, first.ranked) == (1, 1, True)
    assert (last.dense_rank, last.competition_rank, last.score, last.ranked) == (None, None, 0.0, False)
    assert len(newest.factors) == 92
    assert first.life_domains
    assert first.life_phases


def test_a_ranking_is_found_again_by_its_id(newest):
    assert public.ranking_of_snapshot(snapshot_id=newest.snapshot_id) == newest


def test_what_is_not_there_is_none():
    factory.definition("never-computed")

    assert public.newest_ranking(definition_code="no-such-definition") is None
    assert public.newest_ranking(definition_code="never-computed") is None
    assert public.ranking_of_snapshot(snapshot_id="0") is None


def test_goals_stand_for_domains():
    told = public.goal_domains(model_code="public", version="1.0.0")

    assert told["safe-neighbourhood"] == "safe-neighbourhood-and-school"
    assert len(told) == 9
    assert public.goal_domains(model_code="public", version="0.0.0") == {}
