"""The demo city: invented, marked as such, and useful to look at."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry, Outbox
from factors import public as factors
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PREVENTION_LEVELS
from interventions.coverage import is_active, level_on
from interventions.models import Agreement, Intervention, InterventionFactor, Offering, Organisation, Recognition
from interventions.services.register.demo import load_demo
from interventions.supplies import listings_of, supply_of

pytestmark = pytest.mark.usefixtures("stores")
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def demo(stores):
    return load_demo()


def test_loading_again_changes_nothing_and_announces_nothing():
    before = (Outbox.objects.count(), AuditEntry.objects.count())
    out = io.StringIO()

    call_command("load_demo_interventions", stdout=out)

    assert "0 created, 0 updated" in out.getvalue()
    assert (Outbox.objects.count(), AuditEntry.objects.count()) == before


def test_everything_invented_says_so():
    ours = Intervention.objects.filter(code__startswith="demo-")

    assert ours.count() == 13
    assert all(one.demo and one.name_nl.endswith("(demo)") and one.name_en.endswith("(demo)") for one in ours)
    for model, name in [(Organisation, "name"), (Offering, "name_nl")]:
        assert all(
            one.demo and getattr(one, name).endswith("(demo)") for one in model.objects.filter(pk__startswith="demo-")
        )
    assert not Agreement.objects.filter(demo=False, code__startswith="demo-").exists()


def test_every_offering_was_announced():
    told = set(Outbox.objects.filter(kind="offering.changed").values_list("payload__offeringCode", flat=True))

    assert told >= set(Offering.objects.filter(demo=True).values_list("code", flat=True))


def test_factors_of_the_demo_are_factors_of_the_public_model():
    codes = set(InterventionFactor.objects.filter(intervention__demo=True).values_list("factor_code", flat=True))

    assert set(factors.factor_labels(codes=codes)) == codes


def test_codes_of_the_demo_stand_in_the_code_lists():
    domains = {domain.code for pillar in factors.pillars() for domain in pillar.domains}

    for one in Intervention.objects.filter(demo=True):
        assert set(one.domain_codes) <= domains
        assert set(one.life_phases) <= set(LIFE_PHASES)
        assert set(one.life_domains) <= set(LIFE_DOMAINS)
        assert set(one.prevention_levels) <= set(PREVENTION_LEVELS)


def test_the_ladder_shows_its_cases():
    levels = {
        one.code: level_on(listings_of(one), TODAY) for one in Intervention.objects.filter(demo=True).with_parts()
    }

    assert levels["demo-sociaal-sterk"] == 4
    assert Recognition.objects.filter(intervention="demo-sociaal-sterk").count() == 3
    assert levels["demo-kind-van-ouders-met-zorgen"] is None
    assert levels["demo-koffie-bij-de-buren"] is None
    assert {level for level in levels.values() if level is not None} == {1, 2, 3, 4}


def test_the_readme_offering_is_a_running_contact_of_the_demo_partner():
    offering = Offering.objects.with_facts().get(code="demo-sociaal-sterk-noord")

    assert (offering.organisation_id, offering.service_type_id) == ("demo-stichting-meedoen", "contact-moments")
    assert is_active(supply_of(offering), TODAY)


def test_agreements_show_their_cases():
    outlived = Offering.objects.with_facts().get(code="demo-zorgen-oost")

    assert outlived.ends_on is None
    assert not is_active(supply_of(outlived), TODAY)
    ending = Agreement.objects.filter(valid_until__range=(date(2026, 1, 1), date(2026, 12, 31)), demo=True)
    assert {one.offering_id for one in ending} == {"demo-opvoeden-nieuw-west", "demo-opvoeden-noord"}
    assert Agreement.objects.get(valid_from__year=2026, demo=True).offering_id == "demo-opvoeden-noord"


@pytest.mark.parametrize("day", [date(2021, 6, 1), date(2023, 9, 1), date(2025, 3, 1), TODAY])
def test_the_query_and_the_reckoning_agree_on_what_is_active(day):
    offerings = Offering.objects.filter(demo=True)

    asked = set(offerings.active_on(day).values_list("code", flat=True))

    assert asked == {one.code for one in offerings.with_facts() if is_active(supply_of(one), day)}
    assert asked


@pytest.mark.parametrize("day", [date(2018, 12, 1), date(2020, 9, 1), date(2023, 11, 1), TODAY])
def test_the_query_and_the_reckoning_agree_on_the_level(day):
    rows = Intervention.objects.filter(demo=True).with_level_on(day).with_parts()

    assert {one.code: one.level_now for one in rows} == {one.code: level_on(listings_of(one), day) for one in rows}
