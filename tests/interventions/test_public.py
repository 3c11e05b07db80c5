"""The front door: labels by code in the language of the request."""

import pytest
from django.utils import translation

from interventions import public
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture(autouse=True)
def offered(stores):
    make.offering("offering-a", name_nl="Zwemles")


def test_labels_come_by_code_and_unknown_codes_are_left_out():
    assert public.offering_labels(codes=["offering-a", "gone"]) == {"offering-a": "Zwemles"}
    assert public.organisation_labels(codes=["org-a", "gone"]) == {"org-a": "Organisatie org-a"}
    assert public.intervention_labels(codes=["method-a", "gone"]) == {"method-a": "Aanpak method-a"}


def test_interventions_have_names_in_both_languages():
    with translation.override("en"):
        assert public.intervention_labels(codes=["method-a"]) == {"method-a": "Approach method-a"}


@pytest.mark.parametrize("labels", [public.offering_labels, public.organisation_labels, public.intervention_labels])
def test_however_many_codes_it_is_one_query(labels, django_assert_num_queries):
    with django_assert_num_queries(1):
        labels(codes=[f"code-{number}" for number in range(50)])
