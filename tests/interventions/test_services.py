"""Writes: the row, its audit entry, and what the other store hears, together or not at all."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Outbox
from config.errors import Refusal
from interventions.models import Agreement, Intervention, InterventionFactor, Offering, Recognition
from interventions.services import register
from interventions.services.register import Change
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("stores")


def events() -> list[dict]:
    found = Outbox.objects.filter(kind="offering.changed").order_by("id")
    return list(found.values_list("payload", flat=True))


def test_a_new_offering_is_announced_with_its_facts_and_nothing_more():
    make.intervention("method-a", factors=("sleep", "debt"))

    make.offering("offering-a", area_codes=["WK036301", "WK036300"], ends_on=date(2025, 1, 1), intended_reach=40)

    assert events() == [
        {
            "offeringCode": "offering-a",
            "municipalityCode": "GM0363",
            "organisationCode": "org-a",
            "interventionCode": "method-a",
            "serviceType": "contact-moments",
            "cityWide": False,
            "areaCodes": ["WK036300", "WK036301"],
            "factorCodes": ["debt", "sleep"],
            "domainCodes": [],
            "startsOn": "2024-01-01",
            "endsOn": "2025-01-01",
            "agreements": [],
            "intendedReach": 40,
            "demo": False,
        }
    ]


def test_saving_the_same_offering_again_writes_nothing():
    make.offering()
    audited = AuditEntry.objects.count()

    change = register.save_offering(offering=make.new_offering(), actor="someone")

    assert change is Change.UNCHANGED
    assert len(events()) == 1
    assert AuditEntry.objects.count() == audited


def test_an_agreement_announces_its_dates_without_the_amount():
    make.offering()

    make.agreement(valid_until=date(2026, 1, 1), amount=54321)

    assert events()[-1]["agreements"] == [{"validFrom": "2024-01-01", "validUntil": "2026-01-01"}]
    assert "54321" not in str(events()[-1])


def test_another_amount_is_audited_but_not_announced():
    make.offering()
    make.agreement(amount=1000)

    change = register.save_agreement(agreement=make.new_agreement(amount=2000), actor="holder")

    assert change is Change.UPDATED
    assert len(events()) == 2
    entry = AuditEntry.objects.get(resource="agreements", action="updated")
    assert (entry.before["amount"], entry.after["amount"]) == ("1000.00", "2000.00")
    assert (entry.actor, entry.municipality_code) == ("holder", "GM0363")


def test_new_factors_announce_every_offering_of_the_intervention_and_no_other():
    method = make.intervention("method-a", factors=("sleep",))
    make.offering("offering-a")
    make.offering("offering-b")
    make.offering("offering-c", intervention_id="method-b")
    before = len(events())

    links = [register.FactorLink("debt", basis="test")]
    register.save_factors(intervention=method, links=links, actor="editor")

    told = events()[before:]
    assert [(one["offeringCode"], one["factorCodes"]) for one in told] == [
        ("offering-a", ["debt"]),
        ("offering-b", ["debt"]),
    ]


def test_an_offering_that_moves_to_another_intervention_is_announced_once():
    make.intervention("method-b", factors=("debt",))
    make.offering("offering-a")

    register.save_offering(offering=make.new_offering("offering-a", intervention_id="method-b"), actor="x")

    assert [one["factorCodes"] for one in events()] == [[], ["debt"]]


def test_another_domain_of_an_intervention_announces_its_offerings():
    make.intervention("method-a", domain_codes=["work"])
    make.offering()

    make.intervention("method-a", domain_codes=["crime"])

    assert [event["domainCodes"] for event in events()] == [["work"], ["crime"]]


def test_a_change_of_name_is_audited_but_not_announced():
    make.offering()

    register.save_offering(offering=make.new_offering(name_nl="Andere naam"), actor="x")

    assert len(events()) == 1
    assert AuditEntry.objects.filter(resource="offerings", action="updated").count() == 1


def test_ladder_history_is_replaced_as_a_whole_and_audited():
    method = make.intervention(level=2)
    listings = [
        register.Listing(2, date(2020, 1, 1), date(2024, 1, 1), "youth-nji"),
        register.Listing(3, date(2024, 1, 1), None, "youth-nji"),
    ]

    first = register.save_recognitions(intervention=method, listings=listings, actor="x")
    again = register.save_recognitions(intervention=method, listings=listings[::-1], actor="x")

    assert (first, again) == (Change.UPDATED, Change.UNCHANGED)
    assert list(
        Recognition.objects.filter(intervention=method).order_by("valid_from").values_list("level", flat=True)
    ) == [2, 3]
    entry = AuditEntry.objects.filter(action="recognitions").latest("id")
    assert [row["level"] for row in entry.after] == [2, 3]


def test_a_refused_offering_names_every_fault_and_writes_nothing():
    faulty = make.new_offering(organisation_id="nobody", intervention_id="nothing", city_wide=False,
                               ends_on=date(2023, 1, 1))  # fmt: skip

    with pytest.raises(Refusal) as refused:
        register.save_offering(offering=faulty, actor="x")

    assert {fault.location for fault in refused.value.faults} == {
        "#/organisationCode", "#/interventionCode", "#/endsOn", "#/areaCodes"
    }  # fmt: skip
    assert not Offering.objects.filter(code="offering-a").exists()
    assert events() == []


def test_an_agreement_of_another_municipality_is_refused():
    make.offering()

    with pytest.raises(Refusal) as refused:
        register.save_agreement(agreement=make.new_agreement(municipality_code="GM0599"), actor="x")

    assert [fault.code for fault in refused.value.faults] == ["other-municipality"]


def test_an_agreement_about_nothing_is_refused():
    with pytest.raises(Refusal) as refused:
        register.save_agreement(agreement=make.new_agreement(offering_id="unknown"), actor="x")

    assert [fault.location for fault in refused.value.faults] == ["#/offeringCode"]


def test_a_failing_write_leaves_no_announcement():
    make.offering()

    with pytest.raises(RuntimeError), register.announcing(interventions={"method-a"}):
        Offering.objects.update(intended_reach=7)
        raise RuntimeError

    assert len(events()) == 1
    assert Offering.objects.get().intended_reach is None


@pytest.mark.parametrize(
    ("constraint", "write"),
    [
        ("offering_period", lambda: Offering.objects.update(ends_on=date(2023, 1, 1))),
        ("offering_is_somewhere", lambda: Offering.objects.update(city_wide=False)),
        ("agreement_period", lambda: Agreement.objects.update(valid_until=date(2023, 1, 1))),
        ("recognition_period", lambda: Recognition.objects.update(valid_until=date(2024, 1, 1))),
        ("intervention_factor_direction", lambda: InterventionFactor.objects.update(direction="sideways")),
        (
            "intervention_factor_once",
            lambda: InterventionFactor.objects.create(
                intervention=Intervention.objects.get(code="method-a"), factor_code="debt", basis="test"
            ),
        ),
    ],
)
def test_the_store_itself_holds_the_rule(constraint, write):
    make.intervention("method-a", factors=("debt",), level=2)
    make.offering()
    make.agreement()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()
