"""Rankings are stored once per set of inputs, and kept up to date by workers (DOMAIN.md §2)."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction

from accounts.models import OutboxCursor
from config.ledger import outbox
from factors import tasks
from factors.models import ModelVersion, RankingDefinition, RankingMark, RankingSnapshot
from factors.ranking import parameter_set, parameters
from factors.ranking.model import Selection
from factors.services import rankings
from factors.services.marks import mark
from factors.services.outdated import mark_outdated
from factors.services.rankings import CannotRank, Wish, recompute_marked, snapshot_of
from tests.factories import factors as factory
from tests.factors import golden

RIP = parameter_set("rip-2019", "published")


@pytest.fixture
def version(stores):
    RankingMark.objects.all().delete()
    return factory.published(golden.MODEL)


def wish(version, **selection):
    return Wish(version, RIP, Selection(**selection))


def scores_of(snapshot):
    return {factor["code"]: factor["score"] for factor in json.loads(snapshot.result)["factors"]}


def marked(*definitions, times=1):
    for _ in range(times):
        mark(RankingDefinition.objects.filter(code__in=[one.code for one in definitions]), reason="test")


def computed(**which):
    """Codes of the definitions that have a ranking, of the test and of the reference data."""
    rows = RankingDefinition.objects.exclude(newest_snapshot=None).filter(**which)
    return set(rows.values_list("code", flat=True))


def test_the_golden_example_comes_through_the_database(version):
    snapshot, new = snapshot_of(wish=wish(version))

    assert new
    assert scores_of(snapshot) == pytest.approx({code: row[-1] for code, row in golden.RIP_PUBLISHED.items()}, abs=1e-6)


def test_the_same_question_finds_the_stored_answer(version):
    first, _new = snapshot_of(wish=wish(version))

    again, new = snapshot_of(wish=wish(version, goals={"school": 2.0, "mental": 2.0}))

    assert not new
    assert again == first
    assert RankingSnapshot.objects.filter(model_code="small").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"goals": {"school": 2.0, "mental": 1.0}}, {"goals": {"school": 1.0}}, {"mode": "induced"},
        {"kinds": ("risk",)},
    ],
)  # fmt: skip
def test_another_selection_is_another_snapshot(version, other):
    first, _new = snapshot_of(wish=wish(version))

    snapshot, new = snapshot_of(wish=wish(version, **other))

    assert new
    assert snapshot.pk != first.pk


def test_another_method_version_parameter_or_content_is_another_snapshot(version, monkeypatch):
    changed = factory.published(replace(golden.MODEL, records=golden.RECORDS[1:]), number="1.1.0")
    inputs = {rankings.inputs_of(wish(version)), rankings.inputs_of(wish(changed))}
    inputs.add(rankings.inputs_of(replace(wish(version), parameters=replace(RIP, p_missing=0.2))))
    monkeypatch.setitem(rankings.METHOD_VERSIONS, "rip-2019", "2")
    inputs.add(rankings.inputs_of(wish(version)))

    assert len(inputs) == 4


def test_an_impossible_selection_is_refused_with_its_place(version):
    with pytest.raises(CannotRank) as refusal:
        snapshot_of(wish=wish(version, kinds=("risk",), life_phases=("pregnancy",)))

    assert refusal.value.faults[0].location == "#/selection"
    assert refusal.value.faults[0].code == "empty-selection"


def test_a_hundred_marks_are_one_computation(version):
    definition = factory.definition()
    marked(definition, times=100)

    assert recompute_marked() == 1

    definition.refresh_from_db()
    assert definition.newest_snapshot.model_version == "1.0.0"
    assert not RankingMark.objects.exists()
    assert recompute_marked() == 0


def test_only_what_is_marked_is_computed(version):
    touched, other = factory.definition("touched"), factory.definition("other")
    marked(touched)

    recompute_marked()

    other.refresh_from_db()
    assert other.newest_snapshot is None


def test_a_definition_follows_its_model_to_the_newest_version(version):
    follows = factory.definition("follows")
    stays = factory.definition("stays", model_version="1.0.0")
    marked(follows, stays)
    recompute_marked()

    factory.published(replace(golden.MODEL, records=golden.RECORDS[1:]), number="1.1.0")
    recompute_marked()

    follows.refresh_from_db()
    stays.refresh_from_db()
    assert follows.newest_snapshot.model_version == "1.1.0"
    assert stays.newest_snapshot.model_version == "1.0.0"


def test_a_definition_that_cannot_be_computed_says_why_and_keeps_its_last_ranking(version):
    definition = factory.definition(selection={"goals": [{"code": "school", "weight": 1}]})
    marked(definition)
    recompute_marked()
    definition.refresh_from_db()
    before = definition.newest_snapshot

    without_school = replace(
        golden.MODEL, goals=("mental",), records=[r for r in golden.RECORDS if r.target != "school"]
    )
    factory.published(without_school, number="1.1.0")
    recompute_marked()

    definition.refresh_from_db()
    assert definition.problem == "unknown-goal"
    assert definition.newest_snapshot == before
    assert not RankingMark.objects.exists()


def test_a_definition_of_a_model_without_a_version_says_so(version):
    definition = factory.definition(model_code="unknown")
    marked(definition)

    recompute_marked()

    definition.refresh_from_db()
    assert (definition.problem, definition.newest_snapshot) == ("no-published-version", None)


def test_a_withdrawn_version_is_no_longer_followed_but_can_still_be_ranked(version):
    newer = factory.published(replace(golden.MODEL, records=golden.RECORDS[1:]), number="1.1.0")
    ModelVersion.objects.filter(pk=newer.pk).update(status="withdrawn", withdrawal_reason="a mistake")
    follows, names_it = factory.definition("follows"), factory.definition("names-it", model_version="1.1.0")
    marked(follows, names_it)

    recompute_marked()

    follows.refresh_from_db()
    names_it.refresh_from_db()
    assert follows.newest_snapshot.model_version == "1.0.0"
    assert names_it.newest_snapshot.model_version == "1.1.0"


def test_the_worker_brings_the_public_definitions_up_to_date_once(committed):
    definitions = RankingDefinition.objects.filter(model_code="public")
    for _ in range(100):
        mark(definitions, reason="test")

    tasks.compute_stale_rankings()

    assert not RankingMark.objects.exists()
    for definition in definitions.select_related("newest_snapshot"):
        assert definition.newest_snapshot.method == definition.method
        assert definition.newest_snapshot.parameter_set == definition.parameter_set
        assert len(json.loads(definition.newest_snapshot.result)["factors"]) > 50


def test_a_definition_that_another_worker_holds_is_passed_over_and_its_marks_stay(committed):
    held = RankingDefinition.objects.get(code="public-rip-2019")
    mark(RankingDefinition.objects.filter(model_code="public"), reason="test")
    other_worker = connection.copy()
    other_worker.set_autocommit(False)
    try:
        with other_worker.cursor() as cursor:
            cursor.execute("SELECT 1 FROM factors_rankingdefinition WHERE code = %s FOR NO KEY UPDATE", [held.code])

        assert recompute_marked() == 3
        mark(RankingDefinition.objects.filter(code=held.code), reason="while it is held")
    finally:
        other_worker.rollback()
        other_worker.close()

    assert RankingMark.objects.filter(definition=held).count() == 2
    assert recompute_marked() == 1


def test_a_definition_with_a_fault_does_not_hold_up_the_others(version):
    broken = factory.definition("a-broken-one", selection={"goals": [{"weight": 1}]})
    fine = factory.definition("fine")
    marked(broken, fine)

    assert recompute_marked() == 1

    fine.refresh_from_db()
    assert fine.newest_snapshot is not None
    assert list(RankingMark.objects.values_list("definition_id", flat=True)) == [broken.pk]


def test_a_raised_method_version_recomputes_the_definitions_of_that_method_alone(version, monkeypatch):
    rip, five = factory.definition("rip"), factory.definition("five", method="five-elements-2023")
    marked(rip, five)
    recompute_marked()
    assert mark_outdated() == 0

    monkeypatch.setitem(rankings.METHOD_VERSIONS, "rip-2019", "2")

    assert mark_outdated() == len(computed(method="rip-2019"))
    assert set(RankingMark.objects.values_list("definition_id", flat=True)) == computed(method="rip-2019") >= {"rip"}
    recompute_marked()
    assert mark_outdated() == 0
    rip.refresh_from_db()
    assert json.loads(rip.newest_snapshot.inputs)["method"]["version"] == "2"


def test_another_value_in_a_parameter_set_recomputes_the_definitions_that_use_it(version, monkeypatch):
    used, other = factory.definition("used"), factory.definition("other", parameter_set="extended")
    marked(used, other)
    recompute_marked()

    sets = tuple(replace(p, p_missing=0.2, version="2") if p == RIP else p for p in parameters.PARAMETER_SETS)
    monkeypatch.setattr(parameters, "PARAMETER_SETS", sets)

    mark_outdated()

    touched = computed(method="rip-2019", parameter_set="published")
    assert set(RankingMark.objects.values_list("definition_id", flat=True)) == touched >= {"used"}


def test_two_who_ask_the_same_at_once_get_one_snapshot(committed):
    version = ModelVersion.objects.select_related("model").get(model_id="public")
    together, never_asked = threading.Barrier(2), 1.0 + uuid.uuid4().int % 10**9

    def ask(_place):
        together.wait()
        try:
            return snapshot_of(wish=wish(version, goals={"work": never_asked, "crime": 1.0}))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        (first, new_first), (second, new_second) = pool.map(ask, range(2))

    assert first == second
    assert [new_first, new_second].count(True) == 1


def test_news_of_local_figures_marks_the_definitions_of_an_area_that_use_them(committed):
    local = factory.definition("local", area_code="WK036301", local_data={"partner_weight": 0.2})
    try:
        factory.definition("not-local", area_code="WK036301")
        factory.definition("official-only", area_code="WK036301", local_data={"form": "prevalence"})
        with transaction.atomic(using="monitoring"):
            outbox.write(store="monitoring", kind="release.published", payload={"number": 1})
            outbox.write(store="monitoring", kind="something.else", payload={})

        tasks.follow_monitoring()
        tasks.follow_monitoring()

        assert list(RankingMark.objects.values_list("definition_id", "reason")) == [(local.pk, "release.published")]
        assert OutboxCursor.objects.get(reader="factors").position > 0
    finally:
        RankingDefinition.objects.filter(code__in=["local", "not-local", "official-only"]).delete()
