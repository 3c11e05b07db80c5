"""How sure a ranking is: ranking.md §2.7, invariants 16 and 17."""

import os
import subprocess
import sys
from dataclasses import replace
from math import fsum, log, sqrt

import numpy as np
import orjson
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from bench.networks import public_model
from factors.evidence import Record, combine, convert, standard_error
from factors.ranking import (
    PARAMETER_SETS,
    Factor,
    LocalData,
    LocalFigure,
    Model,
    Selection,
    compile_model,
    parameter_set,
    rank,
)
from factors.ranking import doubt as doubting
from factors.ranking.doubt import doubt
from factors.ranking.drawing import DoubtParameters, Drawer, InvalidDoubt
from factors.ranking.model import UnknownCode
from tests.factors import golden
from tests.factors.strategies import FACTORS, for_all, models, parameter_sets

ALL = Selection()
NETWORK = compile_model(golden.MODEL)
PUBLIC = compile_model(public_model())
FIVE = parameter_set("five-elements-2023", "published")
CERTAIN = DoubtParameters(effect_times=0.0, missing_effect=False, prevalence_weight=None, missing_prevalence_high=None)
EVERYTHING = DoubtParameters(unknown_flags=0.5, weights=50.0)


@for_all(model=models(), parameters=parameter_sets)
def test_without_doubt_every_draw_is_the_ranking_itself(model, parameters):  # 17
    network = compile_model(model)
    made = rank(network, parameters=parameters, selection=ALL).factors

    told = doubt(network, parameters=parameters, selection=ALL, doubts=CERTAIN, draws=3)

    found = {f.code: (f.rank_low, f.rank_median, f.rank_high, f.probability_top5) for f in told.factors}
    assert found == {f.code: (f.dense_rank,) * 3 + (float(f.dense_rank <= 5),) for f in made}
    assert [code for band in told.bands for code in band] == [factor.code for factor in told.factors]
    assert len(told.bands) == len({factor.dense_rank for factor in made})


@for_all(model=models(), parameters=parameter_sets, chance=st.sampled_from([0.0, 1.0]))
def test_sizes_that_vary_by_nothing_give_the_ranking_itself(model, parameters, chance):  # 17
    """Through the drawn arrays, paths and all: sizes drawn around themselves, flags drawn for certain."""
    network = compile_model(model)
    assume(not (network.size == 0).any())  # an effect of exactly 0 ties nothing; around 0 it does
    drawn = replace(CERTAIN, effect_times=1e-300, unknown_flags=chance)
    if chance:
        records = [
            replace(r, **{n: True if getattr(r, n) is None else getattr(r, n) for n in ("causal", "sequence")})
            for r in model.records
        ]
        network_said = compile_model(replace(model, records=tuple(records)))
    else:
        network_said = network
    made = rank(network_said, parameters=parameters, selection=ALL).factors

    told = doubt(network, parameters=parameters, selection=ALL, doubts=drawn, draws=2)

    sure = {f.code: (f.rank_low, f.rank_high) for f in told.factors}
    close = {a.code for a in made for b in made if a is not b and abs(a.score - b.score) < 2e-6}
    assume(not close)  # the last bit of a hyperbolic tangent may part or join what lies on the edge of rounding
    assert sure == {f.code: (f.dense_rank, f.dense_rank) for f in made}


@for_all(model=models(), parameters=parameter_sets, seed=st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_bytes(model, parameters, seed):  # 16
    def run(threads: int) -> bytes:
        network = compile_model(model)
        made = doubt(
            network, parameters=parameters, selection=ALL, doubts=EVERYTHING, draws=80, seed=seed, threads=threads
        )
        return orjson.dumps(made)

    assert run(1) == run(1) == run(2)


@for_all(model=models(), parameters=parameter_sets)
def test_places_are_shared_out_fairly(model, parameters):  # 16
    told = doubt(compile_model(model), parameters=parameters, selection=ALL, doubts=EVERYTHING, draws=40)
    assume(told.factors)

    if len(told.factors) > 1:
        assert fsum(f.sucra for f in told.factors) / len(told.factors) == pytest.approx(0.5)
    assert all(0 <= f.probability_top5 <= 1 for f in told.factors)
    assert all(1 <= f.rank_low <= f.rank_median <= f.rank_high <= len(told.factors) for f in told.factors)
    assert [f.band for f in told.factors] == sorted(f.band for f in told.factors)


def test_five_or_more_ranked_factors_share_at_least_five_places_in_the_top():  # 16
    for parameters in PARAMETER_SETS:
        told = doubt(PUBLIC, parameters=parameters, selection=ALL, doubts=EVERYTHING, draws=100)

        assert fsum(f.probability_top5 for f in told.factors) >= 5 - 1e-9


def test_other_processes_and_hash_seeds_give_the_same_bytes():  # 16
    program = (
        "import orjson, sys\n"
        "from factors.ranking import PARAMETER_SETS, Selection, compile_model\n"
        "from factors.ranking.doubt import doubt\n"
        "from factors.ranking.drawing import DoubtParameters\n"
        "from tests.factors.golden import MODEL\n"
        "every, all_of_it = DoubtParameters(unknown_flags=0.5, weights=50.0), Selection()\n"
        "for each in PARAMETER_SETS:\n"
        "    network = compile_model(MODEL)\n"
        "    made = doubt(network, parameters=each, selection=all_of_it, doubts=every, draws=100, seed=7)\n"
        "    sys.stdout.buffer.write(orjson.dumps(made))\n"
    )

    def run(seed: str) -> bytes:
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run([sys.executable, "-c", program], env=surroundings, capture_output=True, check=True).stdout

    assert run("1") == run("2") != b""


def test_other_seeds_give_other_draws():
    one, other = (doubt(PUBLIC, parameters=FIVE, selection=ALL, draws=100, seed=seed) for seed in (1, 2))

    assert one.factors != other.factors


@pytest.mark.parametrize("parameters", PARAMETER_SETS, ids=lambda each: f"{each.method}/{each.name}")
def test_the_public_model_is_told_apart_at_the_top_only_in_bands(parameters):
    told = doubt(PUBLIC, parameters=parameters, selection=ALL, draws=300)
    made = rank(PUBLIC, parameters=parameters, selection=ALL)

    assert {f.code for f in made.factors} <= {f.code for f in told.factors}
    assert 1 < len(told.bands) < len(told.factors)
    assert any(f.rank_low < f.rank_high for f in told.factors)


def test_many_chunks_equal_the_blocks_walked_anew(monkeypatch):
    """Kept blocks or blocks laid out per chunk; much of the network at a time or little: the same numbers."""
    extended = parameter_set("five-elements-2023", "extended")
    before = doubt(PUBLIC, parameters=extended, selection=ALL, draws=130)

    monkeypatch.setattr("factors.ranking.drawing.KEPT_WAYS", 0)
    monkeypatch.setattr("factors.ranking.walks.PATHS_A_BLOCK", 100)

    assert doubt(compile_model(public_model()), parameters=extended, selection=ALL, draws=130) == before


def test_effects_are_drawn_around_themselves_as_widely_as_published():
    interval = Record("a", "g", "+", "meta-analysis", measure="r", effect=0.3, interval_low=0.2, interval_high=0.4)
    wide = Record("b", "g", "+", "meta-analysis", measure="r", effect=0.3)
    unknown = Record("c", "g", "+", "meta-analysis")
    model = Model(tuple(Factor(code, "risk") for code in "abc"), ("g",), (interval, wide, unknown))
    drawer = Drawer(compile_model(model), parameters=FIVE, local=None, doubts=DoubtParameters())

    strength = drawer.draw(seed=1, chunk=0, draws=20_000).strength

    z = np.arctanh(np.minimum(strength[0] * 0.3, 0.999))
    below = z[strength[0] < 1]  # strengths stop at 1, half of these draws
    assert np.quantile(z, 0.1587) == pytest.approx(np.arctanh(0.3) - (0.2 / 3.92) / (1 - 0.09), abs=0.003)
    assert len(below) == pytest.approx(10_000, abs=300)
    assert np.quantile(np.arctanh(strength[1] * 0.3), 0.1587) == pytest.approx(np.arctanh(0.3) - 0.1, abs=0.005)
    assert strength[2].mean() == pytest.approx(0.5, abs=0.01)


def test_shares_are_drawn_around_themselves():
    model = Model((Factor("a", "risk", 0.3), Factor("b", "protective")), ("g",), ())
    rip = parameter_set("rip-2019", "published")
    drawer = Drawer(compile_model(model), parameters=rip, local=None, doubts=DoubtParameters())

    known, unknown = drawer.draw(seed=1, chunk=0, draws=20_000).gain

    assert (known.mean(), known.std()) == pytest.approx((0.3, sqrt(0.3 * 0.7 / 51)), abs=0.002)
    assert (unknown.min(), unknown.max(), unknown.mean()) == pytest.approx((0, 0.3, 0.15), abs=0.002)


def test_a_local_share_is_drawn_instead_of_the_prevalence():
    rip = parameter_set("rip-2019", "published")
    local = LocalData("WK059901", (LocalFigure("distress", 0.9),))

    told = doubt(NETWORK, parameters=rip, selection=ALL, local=local, draws=100)

    assert told.factors[0].code == "distress"


@for_all(model=models(), parameters=parameter_sets, chosen=st.sampled_from(FACTORS))
def test_giving_all_records_twice_makes_nothing_surer(model, parameters, chosen):  # 9
    twice = replace(model, records=(*model.records, *model.records))

    once, again = (doubt(compile_model(each), parameters=parameters, selection=ALL, draws=5) for each in (model, twice))

    assert [f.code for f in once.factors] == [f.code for f in again.factors]


def test_standard_errors_come_from_the_published_interval():
    ratio = Record("a", "g", "+", "review", measure="OR", effect=2.0, interval_low=1.5, interval_high=8 / 3)
    size = convert("OR", 2.0).size

    by_hand = (log(8 / 3) - log(1.5)) / 3.92 * sqrt(3) / np.pi * sqrt(1 - size**2) / 2
    assert standard_error(ratio) == pytest.approx(by_hand)
    z = Record("a", "g", "+", "review", measure="z", effect=0.2, interval_low=0.1, interval_high=0.3)
    assert standard_error(z) == pytest.approx(0.2 / 3.92)
    assert standard_error(replace(z, interval_low=None)) is None
    assert standard_error(replace(ratio, interval_low=0.0)) is None


def test_the_error_of_a_pair_is_that_of_its_findings_together():
    known = Record("a", "g", "+", "review", measure="z", effect=0.2, interval_low=0.1, interval_high=0.3)
    bare = replace(known, interval_low=None, interval_high=None)

    pair = combine([known, bare], to_goal=True)

    assert (pair.variance, pair.bare) == pytest.approx(((0.2 / 3.92) ** 2 / 2, 0.5))


def test_a_figure_of_no_factor_is_refused():
    local = LocalData("WK059901", (LocalFigure("nobody", 0.9),))

    with pytest.raises(UnknownCode):
        doubt(NETWORK, parameters=FIVE, selection=ALL, local=local)


def test_too_many_draws_are_refused():
    with pytest.raises(doubting.TooManyDraws):
        doubt(NETWORK, parameters=FIVE, selection=ALL, draws=doubting.MAX_DRAWS + 1)
    with pytest.raises(doubting.TooManyDraws):
        doubting.check_draws(1000, factors=doubting.MAX_CELLS // 1000 + 1)
    with pytest.raises(doubting.TooFewDraws):
        doubt(NETWORK, parameters=FIVE, selection=ALL, draws=0)


@pytest.mark.parametrize("wrong", [{"effect_se": -1.0}, {"unknown_flags": 50.0}, {"weights": 0.0}, {"interval": 1.5}])
def test_doubts_outside_their_range_are_refused(wrong):
    with pytest.raises(InvalidDoubt):
        DoubtParameters(**wrong)


def test_progress_is_told_and_the_caller_can_stop():
    seen: list[tuple[int, int]] = []
    doubt(NETWORK, parameters=FIVE, selection=ALL, draws=150, progress=lambda *at: seen.append(at))
    assert seen == [(64, 150), (128, 150), (150, 150)]

    with pytest.raises(doubting.DoubtCancelled):
        doubt(NETWORK, parameters=FIVE, selection=ALL, draws=10_000, cancelled=lambda: True)


def test_fewer_draws_are_the_first_of_more():
    drawn = Drawer(NETWORK, parameters=FIVE, local=None, doubts=EVERYTHING)

    one, other = (drawn.draw(seed=3, chunk=0, draws=64).strength for _ in range(2))

    assert (one == other).all()
    assert (one != drawn.draw(seed=3, chunk=1, draws=64).strength).any()
