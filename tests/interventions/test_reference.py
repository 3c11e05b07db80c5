"""The reference data: everything the rows say, and nothing they do not say."""

import io

import pytest
from django.core.management import call_command

from accounts.models import Outbox
from config.loading import LoadReport, read_csv
from interventions import reference
from interventions.models import EffectLevel, Intervention, InterventionDatabase, InterventionFactor, ServiceType
from interventions.services.register.loading import load_reference
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


def real_interventions():
    codes = [row["code"] for row in read_csv(reference.DATA / "interventions.csv")]
    return Intervention.objects.filter(code__in=codes)


def test_every_row_of_the_files_is_there():
    assert EffectLevel.objects.count() == 5
    assert InterventionDatabase.objects.count() == 7
    assert set(ServiceType.objects.values_list("code", flat=True)) == {
        "public-information", "contact-moments", "open-individual-support", "individual-provision-trajectories",
        "long-term-youth-care", "crisis-care",
    }  # fmt: skip
    assert real_interventions().count() == 136


def test_loading_again_changes_nothing():
    again = load_reference()

    assert all((report.created, report.updated) == (0, 0) for report in again.values())
    assert again["interventions"] == LoadReport(unchanged=136)


def test_a_changed_row_is_put_right_and_reported():
    Intervention.objects.filter(code="home-start").update(name_nl="Anders")

    report = load_reference()["interventions"]

    assert report == LoadReport(updated=1, unchanged=135)
    assert Intervention.objects.get(code="home-start").name_nl == "Home-Start"


def test_no_intervention_of_the_texts_has_a_level_or_a_prevention_level():
    assert not real_interventions().filter(recognitions__isnull=False).exists()
    assert not real_interventions().exclude(prevention_levels=[]).exists()


def test_home_start_says_what_its_row_says():
    home_start = Intervention.objects.get(code="home-start")

    assert home_start.target_group_nl == "ouders die (beginnende) opvoedproblemen ervaren"
    assert home_start.life_phases == ["early-childhood", "primary-school-age"]
    assert home_start.life_domains == ["home"]
    assert home_start.themes == ["youth"]
    assert not home_start.demo


def test_no_direction_is_invented_and_every_link_says_its_ground():
    links = InterventionFactor.objects.filter(intervention__in=real_interventions())

    assert set(links.values_list("direction", flat=True)) == {""}
    assert set(links.values_list("basis", flat=True)) == {"our reading", "text"}
    assert not links.filter(source="").exists()


def test_a_translated_code_is_our_reading_and_another_stays_as_the_text_has_it():
    translate = {"shame": ("stigma", "self-esteem"), "self-confidence": ("self-esteem",)}

    links = {(row["intervention_id"], row["factor_code"]): row for row in reference.factor_links(lambda _: translate)}

    row = next(r for r in read_csv(reference.DATA / "interventions.csv") if r["factor_codes"].startswith("shame;"))
    found = {code: link["basis"] for (intervention, code), link in links.items() if intervention == row["code"]}
    assert found == {
        "stigma": "our reading",
        "self-esteem": "our reading",
        "trust-in-institutions": "text",
        "limited-basic-skills": "text",
        "social-network": "text",
    }


def test_a_link_that_is_no_longer_read_from_the_texts_goes_and_its_offerings_are_told():
    home_start = Intervention.objects.get(code="home-start")
    InterventionFactor.objects.create(intervention=home_start, factor_code="old-reading", basis="our reading")
    InterventionFactor.objects.create(intervention=home_start, factor_code="known-here", basis="adviser")
    make.offering(intervention_id="home-start")

    load_reference()

    codes = set(home_start.factors.values_list("factor_code", flat=True))
    assert "old-reading" not in codes
    assert "known-here" in codes
    newest = Outbox.objects.filter(kind="offering.changed").latest("id").payload
    assert newest["factorCodes"] == sorted(codes)


def test_the_command_reports_what_it_did():
    out = io.StringIO()

    call_command("load_interventions", stdout=out)

    assert "interventions: 0 created, 0 updated, 136 unchanged" in out.getvalue()
