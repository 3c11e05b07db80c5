"""Method versions are raised by hand, when results change and only then: here is what notices that one forgot.

method_versions.json keeps a digest of the results of every version there ever was. When a change of results is meant:
raise METHOD_VERSIONS (or the version of the parameter set), and add the new line that the failure shows; never change
an old one, since snapshots with that version are out there.
"""

import json
from pathlib import Path

import pytest

from factors.services.wishes import METHOD_VERSIONS
from tests.factors import method_results

RECORDED = json.loads((Path(__file__).parent / "method_versions.json").read_text())


@pytest.mark.parametrize("method", sorted(METHOD_VERSIONS))
def test_results_are_those_of_the_method_version(method):
    version = f"{method}/{METHOD_VERSIONS[method]}"

    digest = method_results.results(method)

    assert RECORDED["results"].get(version) == digest, f"results of {version} changed: raise it, and record {digest}"


def test_every_method_version_has_results_of_its_own():
    assert len(set(RECORDED["results"].values())) == len(RECORDED["results"])


@pytest.mark.parametrize("name", sorted(method_results.parameter_sets()))
def test_values_are_those_of_the_parameter_set_version(name):
    digest = method_results.parameter_sets()[name]

    assert RECORDED["parameterSets"].get(name) == digest, f"values of {name} changed: raise it, and record {digest}"


def test_another_result_would_be_noticed(monkeypatch):
    def all_the_same(*_args, **_kwargs):
        return ["strengthen"] * 1000

    monkeypatch.setattr("factors.ranking.ranking.levers", all_the_same)

    assert method_results.results("rip-2019") not in RECORDED["results"].values()
