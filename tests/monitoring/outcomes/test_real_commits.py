"""With real commits: parallel deliveries, workers that die, and following the outbox."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import date

import pytest
from django.db import connections, transaction
from django.db.models import Q

from config.api import idempotency
from config.ledger import outbox
from config.ledger.outbox import Event
from monitoring.models import (
    Aggregate,
    AggregateMark,
    Job,
    MeasurementPlan,
    OfferingFact,
    OutcomeReport,
    OutcomeReportHistory,
    Receipt,
    Release,
)
from monitoring.services import facts
from monitoring.services.aggregation import aggregates
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from monitoring.services.delivery.reviews import withdraw
from monitoring.services.locks import hold
from monitoring.services.releasing.releases import ask_for_release, create_release, make_asked_releases
from tests.factories import outcomes

SENDER = Sender("client:test", frozenset({(outcomes.CITY, "org-a")}))


def at_once(count, call):
    def run(_number):
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_twenty_equal_posts_at_once_make_one_report_and_get_one_answer(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")

    answers = at_once(20, lambda: client.post(
        "/v1/outcome-reports", outcomes.report(), format="json", HTTP_IDEMPOTENCY_KEY="once"
    ))  # fmt: skip

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (OutcomeReport.objects.count(), Receipt.objects.count(), AggregateMark.objects.count()) == (1, 1, 1)


def test_equal_posts_without_a_key_make_one_report_too(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")

    answers = at_once(8, lambda: client.post("/v1/outcome-reports", outcomes.report(), format="json"))

    outcomes_given = sorted(answer.json()["rows"][0]["outcome"] for answer in answers)
    assert outcomes_given == ["created", *["unchanged"] * 7]
    assert OutcomeReport.objects.get().version == 1


def while_open(first, call):
    """What `call` answers that begins while the transaction of `first` is open, and so must wait for its end."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(using="monitoring"):
            first()
            answer = pool.submit(lambda: at_once(1, call))
            assert not wait_for([answer], timeout=0.5).done
        return answer.result()[0]


def test_a_delivery_replaces_what_a_withdrawal_leaves(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    client.post("/v1/outcome-reports", outcomes.report(), format="json")
    report, other = OutcomeReport.objects.get(), outcomes.report(counts={"targetGroup": 400, "started": 50})

    answer = while_open(
        lambda: withdraw(may=Q(), report_id=report.id, seen=lambda _report: None, actor="test"),
        lambda: client.post("/v1/outcome-reports", other, format="json"),
    )

    assert (answer.status_code, answer.json()["rows"][0]["outcome"]) == (200, "updated")
    versions = OutcomeReportHistory.objects.order_by("version").values_list("version", "status")
    assert list(versions) == [(1, "accepted"), (2, "withdrawn")]
    report.refresh_from_db()
    assert (report.version, report.status) == (3, "accepted")


def test_a_withdrawal_of_what_is_being_replaced_is_refused(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    client.post("/v1/outcome-reports", outcomes.report(), format="json")
    path, other = f"/v1/outcome-reports/{OutcomeReport.objects.get().id}", outcomes.report(counts={"started": 50})
    seen = client.get(path)["ETag"]

    answer = while_open(
        lambda: deliver(raws=[other], sender=SENDER, day=date(2026, 6, 1)),
        lambda: client.delete(path, HTTP_IF_MATCH=seen),
    )

    assert (answer.status_code, OutcomeReport.objects.get().status) == (412, "accepted")


def test_a_delivery_waits_while_reports_of_its_organisation_are_published(town, client_with):
    """Both change many reports at once; without one lock before those of the rows they could wait for each other."""
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    client.post("/v1/outcome-reports", outcomes.report(), format="json")
    given = {"municipality_code": outcomes.CITY, "actor": "test", "day": date(2026, 6, 1), "minimum": 10}

    answer = while_open(
        lambda: create_release(**given),
        lambda: client.post("/v1/outcome-reports", outcomes.report(areaCode="WK900102"), format="json"),
    )

    assert answer.status_code == 201
    assert sorted(OutcomeReport.objects.values_list("status", flat=True)) == ["accepted", "published"]


def test_a_key_makes_nobody_impatient_with_other_deliveries(town, client_with, monkeypatch):
    """Files and batches always have one; behind a large file of the same organisation they wait for their turn."""
    monkeypatch.setattr(idempotency, "PATIENCE", "100ms")
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")

    answer = while_open(
        lambda: deliver(raws=[outcomes.report(areaCode="WK900102")], sender=SENDER, day=date(2026, 6, 1)),
        lambda: client.post("/v1/outcome-reports", outcomes.report(), format="json", HTTP_IDEMPOTENCY_KEY="mine"),
    )

    assert answer.status_code == 201


def test_a_month_that_waits_for_its_quarter_sees_it(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    MeasurementPlan.objects.all().delete()  # any kind of period may come
    quarter, month = outcomes.report(period="2024-Q1"), outcomes.report(period="2024-02")

    answer = while_open(
        lambda: deliver(raws=[quarter], sender=SENDER, day=date(2026, 6, 1)),
        lambda: client.post("/v1/outcome-reports", month, format="json"),
    )

    assert [error["code"] for error in answer.json()["errors"]] == ["overlaps-report"]


def test_a_change_of_the_plan_waits_for_a_delivery_that_is_judged_by_it(town, client_with):
    holder = client_with("account-holder", municipality=outcomes.CITY)
    path = f"/v1/measurement-plans/{MeasurementPlan.objects.get(measure='reach').pk}"
    seen = holder.get(path)["ETag"]

    answer = while_open(
        lambda: deliver(raws=[outcomes.report()], sender=SENDER, day=date(2026, 6, 1)),
        lambda: holder.patch(path, {"periodKind": "month"}, format="json", HTTP_IF_MATCH=seen),
    )

    assert answer.status_code == 200


def test_a_worker_that_dies_between_claim_and_write_loses_nothing(town):
    deliver(raws=[outcomes.report()], sender=SENDER, day=date(2026, 6, 1))

    with pytest.raises(ZeroDivisionError), transaction.atomic(using="monitoring"):
        aggregates.refresh_some(municipality_code=outcomes.CITY)
        raise ZeroDivisionError

    assert (AggregateMark.objects.count(), Aggregate.objects.count()) == (1, 0)
    assert aggregates.refresh() == 1
    assert Aggregate.objects.exists() and aggregates.rebuild(municipality_code=outcomes.CITY) == 0


def test_workers_and_deliveries_at_once_end_as_a_rebuild(town):
    quarters = [f"{year}-Q{q}" for year in (2024, 2025) for q in (1, 2, 3, 4)]
    waiting = list(quarters)

    def work():
        deliver(raws=[outcomes.report(period=waiting.pop())], sender=SENDER, day=date(2026, 6, 1))
        aggregates.refresh()

    at_once(len(quarters), work)
    aggregates.refresh()

    assert OutcomeReport.objects.count() == len(quarters)
    assert aggregates.rebuild(municipality_code=outcomes.CITY) == 0


def test_facts_follow_the_outbox_once(town):
    payload = {
        "offeringCode": "offering-new", "municipalityCode": outcomes.CITY, "organisationCode": "org-a",
        "interventionCode": "intervention-a", "serviceType": "contact-moments", "cityWide": True, "areaCodes": [],
        "factorCodes": [], "startsOn": "2024-01-01", "endsOn": None, "agreements": [], "intendedReach": None,
        "demo": False,
    }  # fmt: skip
    for ends in (None, "2026-01-01"):
        with transaction.atomic(using="default"):
            outbox.write(store="default", kind="offering.changed", payload=payload | {"endsOn": ends})

    assert facts.follow_default() == 2
    assert facts.follow_default() == 0

    known = OfferingFact.objects.filter(offering_code="offering-new").order_by("position")
    assert [(fact.current, fact.ends_on) for fact in known] == [(False, None), (True, date(2026, 1, 1))]


def test_an_event_that_comes_late_becomes_history(town):
    [current] = OfferingFact.objects.filter(offering_code="offering-a")
    late = Event(current.xid, current.position - 1, "offering.changed", {
        "offeringCode": "offering-a", "municipalityCode": outcomes.CITY, "organisationCode": "org-a",
        "interventionCode": "intervention-a", "serviceType": "contact-moments", "cityWide": True, "areaCodes": [],
        "factorCodes": [], "startsOn": "2023-01-01", "endsOn": None, "agreements": [], "intendedReach": None,
        "demo": False,
    })  # fmt: skip

    facts.take_over(late)

    known = OfferingFact.objects.filter(offering_code="offering-a").order_by("position")
    assert [(fact.current, fact.starts_on) for fact in known] == [
        (False, date(2023, 1, 1)),
        (True, date(2024, 1, 1)),
    ]


def test_delivery_goes_on_while_the_default_store_is_away(town, client_with):
    client = client_with("partner", municipality=outcomes.CITY, organisation="org-a")
    assert client.get("/v1/outcome-reports").status_code == 200  # the key is remembered from here

    default = connections["default"]
    here = default.settings_dict["HOST"]
    default.close()
    default.settings_dict["HOST"] = "/no/such/folder"
    try:
        answer = client.post("/v1/outcome-reports", outcomes.report(), format="json")
    finally:
        default.settings_dict["HOST"] = here
        default.close()

    assert (answer.status_code, answer.json()["counts"]["created"]) == (201, 1)


def test_a_release_that_was_asked_for_is_made_once_whoever_is_woken(town):
    job = ask()

    assert sum(at_once(4, make_asked_releases)) == 1

    job.refresh_from_db()
    assert (job.status, job.result_path) == ("succeeded", f"/v1/releases/{Release.objects.get().id}")


def test_a_job_whose_worker_died_is_taken_up_again(town):
    """What the dead worker left: a job that says it is running, and no lock."""
    job = ask()
    Job.objects.update(status="running")

    assert make_asked_releases() == 1

    job.refresh_from_db()
    assert (job.status, Release.objects.count()) == ("succeeded", 1)


def test_a_second_release_of_a_municipality_waits_for_the_first(town):
    job = ask()

    with transaction.atomic(using="monitoring"):
        hold("release", [outcomes.CITY])
        assert at_once(1, make_asked_releases) == [0]
    job.refresh_from_db()

    assert (job.status, Release.objects.count()) == ("queued", 0)
    assert make_asked_releases() == 1


def test_a_job_that_cannot_be_done_says_so_and_leaves_nothing(town):
    job = ask(minimum="ten")

    assert make_asked_releases() == 1

    job.refresh_from_db()
    assert (job.status, [fault["code"] for fault in job.errors]) == ("failed", ["unexpected"])
    assert job.finished_at is not None and not Release.objects.exists()


def ask(minimum=10):
    deliver(raws=[outcomes.report()], sender=SENDER, day=date(2026, 6, 1))
    return ask_for_release(municipality_code=outcomes.CITY, actor="command:test", day=date(2026, 6, 1), minimum=minimum)
