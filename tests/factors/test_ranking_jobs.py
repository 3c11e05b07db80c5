"""Rankings with draws are made by a worker: once, with progress, stoppable, and taken up again after a crash."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import AuditEntry, Job
from factors import tasks
from factors.models import ModelVersion, RankingSnapshot
from factors.ranking import parameter_set
from factors.ranking.doubt import MAX_DRAWS
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import Selection
from factors.services import ranking_jobs
from factors.services.rankings import CannotRank, is_heavy, snapshot_of
from factors.services.wishes import Wish, inputs_of, wish_from
from tests.factories import factors as factory
from tests.factors import golden

FIVE = parameter_set("five-elements-2023", "published")


def wish(version, **other):
    return replace(Wish(version, FIVE, Selection(), draws=200, seed=1), **other)


@pytest.fixture
def version(stores):
    return factory.published(golden.MODEL)


def asked(version, **other):
    return ranking_jobs.ask_for(wish=wish(version, **other), requested_by="somebody")


class TestDoubt:
    def test_says_of_every_factor_where_it_ends(self, version):
        result = json.loads(snapshot_of(wish=wish(version))[0].result)

        doubt = {factor["code"]: factor for factor in result["doubt"]["factors"]}
        assert doubt.keys() == {factor["code"] for factor in result["factors"]}
        for factor in doubt.values():
            assert 1 <= factor["rank_low"] <= factor["rank_median"] <= factor["rank_high"] <= 5

    def test_leaves_the_point_ranking_as_it_is(self, version):
        plain = json.loads(snapshot_of(wish=wish(version, draws=0))[0].result)

        drawn = json.loads(snapshot_of(wish=wish(version))[0].result)

        assert {name: value for name, value in drawn.items() if name != "doubt"} == plain

    def test_draws_seed_and_parameters_are_part_of_the_identity(self, version):
        others = [{}, {"draws": 201}, {"seed": 2}, {"doubts": DoubtParameters(effect_se=0.2)}, {"draws": 0}]

        assert len({inputs_of(wish(version, **other)) for other in others}) == len(others)

    def test_without_draws_seed_and_parameters_do_not_count(self, version):
        plain = wish(version, draws=0)

        assert inputs_of(plain) == inputs_of(replace(plain, seed=7, doubts=DoubtParameters(effect_se=0.2)))

    def test_a_wish_comes_back_from_its_inputs(self, version):
        asked_for = wish(version, doubts=DoubtParameters(weights=30.0), selection=Selection(kinds=("risk",)))

        assert inputs_of(wish_from(json.loads(inputs_of(asked_for)))) == inputs_of(asked_for)

    def test_published_intervals_reach_the_draws(self, version):
        content = factory.content(golden.MODEL)
        sure = [
            replace(e, interval_low=e.effect_size - 1e-6, interval_high=e.effect_size + 1e-6)
            if e.effect_size is not None and e.effect_measure in ("d", "r")
            else e
            for e in content.evidence
        ]
        other = factory.published(replace(content, evidence=tuple(sure)), number="1.1.0")

        vague, certain = (
            json.loads(snapshot_of(wish=wish(each, draws=400))[0].result)["doubt"] for each in (version, other)
        )

        def width(doubt):
            return sum(factor["rank_high"] - factor["rank_low"] for factor in doubt["factors"])

        assert width(certain) < width(vague)


def test_draws_are_heavy_and_too_many_are_refused(version):
    assert is_heavy(wish(version))
    assert not is_heavy(wish(version, draws=0))
    with pytest.raises(CannotRank) as refused:
        is_heavy(wish(version, draws=MAX_DRAWS + 1))
    assert (refused.value.faults[0].location, refused.value.faults[0].code) == ("#/draws", "too-many-draws")


def test_a_job_ends_with_the_ranking_and_all_draws_counted(version):
    job = asked(version)

    assert ranking_jobs.make_asked_rankings() == 1

    job.refresh_from_db()
    snapshot, new = snapshot_of(wish=wish(version))
    assert not new
    assert (job.status, job.result_path, job.errors) == ("succeeded", f"/v1/rankings/{snapshot.pk}", [])
    assert (job.done_count, job.total_count) == (200, 200)
    assert job.finished_at
    assert ranking_jobs.make_asked_rankings() == 0


def test_asking_again_while_it_waits_gives_the_same_job(version):
    assert asked(version).pk == asked(version).pk
    assert asked(version, seed=2).pk != asked(version).pk
    assert ranking_jobs.ask_for(wish=wish(version), requested_by="else").pk != asked(version).pk


def test_progress_is_told_per_chunk(version, monkeypatch):
    told, note = [], ranking_jobs._note

    def listen(pk, done, total):
        note(pk, done, total)
        told.append(Job.objects.values_list("done_count", "total_count").get(pk=pk))

    monkeypatch.setattr(ranking_jobs, "_note", listen)
    asked(version)

    ranking_jobs.make_asked_rankings()

    assert [total for _, total in told] == [200] * len(told)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 1
    assert told[-1] == (200, 200)


def test_a_cancelled_job_stops_and_leaves_no_ranking(version, monkeypatch):
    job = asked(version)
    note = ranking_jobs._note

    def cancel_after_the_first(pk, done, total):
        note(pk, done, total)
        Job.objects.filter(pk=pk, status="running").update(status="cancelled")

    monkeypatch.setattr(ranking_jobs, "_note", cancel_after_the_first)
    ranking_jobs.make_asked_rankings()

    job.refresh_from_db()
    assert job.status == "cancelled"
    assert 0 < job.done_count < 200
    assert not RankingSnapshot.objects.filter(model_code="small").exists()


def test_a_job_cancelled_before_its_turn_is_never_begun(version):
    job = asked(version)
    Job.objects.filter(pk=job.pk).update(status="cancelled")

    assert ranking_jobs.make_asked_rankings() == 0
    assert not RankingSnapshot.objects.filter(model_code="small").exists()


def test_a_ranking_that_cannot_be_made_fails_with_its_reason(version):
    job = asked(version, selection=Selection(kinds=("risk",), life_phases=("pregnancy",)))

    ranking_jobs.make_asked_rankings()

    job.refresh_from_db()
    assert job.status == "failed"
    assert (job.errors[0]["location"], job.errors[0]["code"]) == ("#/selection", "empty-selection")


def test_a_job_that_lost_its_worker_is_taken_up_again(version):
    job = asked(version)
    Job.objects.filter(pk=job.pk).update(status="running", done_count=128)  # what a killed worker leaves

    assert ranking_jobs.make_asked_rankings() == 1

    job.refresh_from_db()
    assert (job.status, job.done_count) == ("succeeded", 200)


def test_a_job_that_kills_its_workers_is_given_up(version):
    job = asked(version)
    interruption = {"location": "", "code": "interrupted", "detail": ""}
    Job.objects.filter(pk=job.pk).update(status="running", errors=[interruption] * 2)

    ranking_jobs.make_asked_rankings()

    job.refresh_from_db()
    assert job.status == "failed"
    assert [error["code"] for error in job.errors] == ["interrupted"] * 3


def test_a_hundred_wake_ups_of_four_workers_make_one_ranking(committed):
    version = ModelVersion.objects.select_related("model").get(model_id="public")
    never_asked = replace(wish(version), seed=int.from_bytes(threading.get_ident().to_bytes(8, "big")[-3:], "big"))
    job = ranking_jobs.ask_for(wish=never_asked, requested_by="somebody")
    other = ranking_jobs.ask_for(wish=never_asked, requested_by="somebody else")

    def wake(_number):
        try:
            tasks.make_rankings()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(wake, range(100)))

    made = {Job.objects.get(pk=each.pk).result_path for each in (job, other)}
    assert len(made) == 1
    identity = made.pop().rpartition("/")[2]
    assert AuditEntry.objects.filter(resource="rankings", resource_code=identity).count() == 1
