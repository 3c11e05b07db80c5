"""The changes feed: what a caller may know of, in an order in which a late commit still arrives."""

import threading

import pytest
from django.db import connections, transaction
from django.utils import timezone

from config.ledger import records
from monitoring.models import AuditEntry
from tests.conftest import empty_changing_tables


def note(code, *, store="monitoring", resource="releases", action="created", city="GM9001", organisation=""):
    with transaction.atomic(using=store):
        records.audit(
            store=store, actor="client:x", action=action, resource=resource, resource_code=code,
            municipality_code=city, organisation_code=organisation,
        )  # fmt: skip


def told(answer):
    assert answer.status_code == 200, answer.content
    return [change["code"] for change in answer.json()["results"]]


class Slow:
    """A transaction on its own connection that writes at once and commits when told to."""

    def __init__(self, code):
        self.written, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=[code])
        self.thread.start()
        assert self.written.wait(10)

    def _run(self, code):
        try:
            with transaction.atomic(using="monitoring"):
                note(code)
                self.written.set()
                self.go.wait(10)
        finally:
            connections.close_all()

    def commit(self):
        self.go.set()
        self.thread.join()


@pytest.fixture
def public(committed, client_with):
    empty_changing_tables()  # loading the reference data is a change too
    return client_with()


def test_both_stores_tell_what_changed_and_a_cursor_goes_on_where_one_was(public):
    note("release-1")
    note("welfare", store="default", resource="organisations", action="updated", city="")

    first = public.get("/v1/changes")
    note("release-2")
    later = public.get(f"/v1/changes?cursor={first.json()['cursor']}")

    assert sorted(told(first)) == ["release-1", "welfare"]
    assert told(later) == ["release-2"]
    change = later.json()["results"][0]
    assert (change["resource"], change["action"], change["municipalityCode"]) == ("releases", "created", "GM9001")
    assert set(change) == {"resource", "code", "action", "municipalityCode", "organisationCode", "changedAt"}


def test_a_late_commit_arrives_by_cursor(public):
    slow = Slow("late")
    note("quick")
    first = public.get("/v1/changes")
    slow.commit()

    later = public.get(f"/v1/changes?cursor={first.json()['cursor']}")

    assert told(first) == []
    assert told(later) == ["late", "quick"]


def test_a_late_commit_arrives_by_time_too(public):
    """`changedAt` of the late row lies before what was read meanwhile; `updatedUntil` knows."""
    note("first")
    slow = Slow("late")
    note("quick")
    seen = public.get("/v1/changes").json()
    slow.commit()
    note("last")

    later = public.get("/v1/changes", {"updatedAfter": seen["updatedUntil"]})

    assert [change["code"] for change in seen["results"]] == ["first"]
    assert told(later) == ["late", "quick", "last"]
    assert AuditEntry.objects.get(resource_code="late").at.isoformat() < AuditEntry.objects.get(
        resource_code="quick"
    ).at.isoformat()  # fmt: skip


def test_whoever_follows_by_cursor_or_by_time_sees_every_change_once_or_more(public):
    seen_by_cursor, seen_by_time = [], set()
    cursor, until = public.get("/v1/changes").json()["cursor"], timezone.now().isoformat()
    slow = Slow("slow-0")
    for turn in range(1, 6):
        note(f"change-{turn}")
        if turn == 3:
            slow.commit()
        by_cursor = public.get("/v1/changes", {"cursor": cursor}).json()
        by_time = public.get("/v1/changes", {"updatedAfter": until}).json()
        seen_by_cursor += [c["code"] for c in by_cursor["results"]]
        seen_by_time |= {c["code"] for c in by_time["results"]}
        cursor, until = by_cursor["cursor"], by_time["updatedUntil"]

    wanted = ["slow-0", *(f"change-{turn}" for turn in range(1, 6))]
    assert sorted(seen_by_cursor) == sorted(wanted)
    assert seen_by_time == set(wanted)


def test_updated_after_without_anything_new_does_not_start_over(public):
    note("old")

    nothing = public.get("/v1/changes", {"updatedAfter": timezone.now().isoformat()}).json()
    note("new")

    assert nothing["results"] == []
    assert told(public.get("/v1/changes", {"cursor": nothing["cursor"]})) == ["new"]


def test_pages_follow_each_other_to_the_end(public):
    for number in range(5):
        note(f"m-{number}")
        note(f"d-{number}", store="default", resource="interventions")

    found, url = [], "/v1/changes?limit=3"
    while url:
        answer = public.get(url)
        page = answer.json()
        assert (page["updatedUntil"] is None) == (page["next"] is not None)
        assert answer.headers.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        found += [change["code"] for change in page["results"]]
        url = page["next"]

    assert len(found) == 10 and set(found) == {f"{store}-{n}" for store in "md" for n in range(5)}


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_a_write_of_many_things_is_a_change_of_each(public, limit):
    start = public.get("/v1/changes").json()["cursor"]
    note("before")
    for codes in (["a", "b", "c"], ["d", "e"]):
        AuditEntry.objects.create(
            actor="client:x", action="created", resource="releases", resource_code="r", codes=codes, details="{}"
        )
    note("after")

    found, cursor = [], start
    while page := public.get("/v1/changes", {"cursor": cursor, "limit": limit}).json():
        found, cursor = [*found, *page["results"]], page["cursor"]
        if not page["next"]:
            break

    assert [change["code"] for change in found] == ["before", "a", "b", "c", "d", "e", "after"]
    assert {change["resource"] for change in found} == {"releases"}


WRITTEN = (
    ("open", {"resource": "releases"}),
    ("published", {"resource": "factor-models", "store": "default", "action": "publish"}),
    ("draft", {"resource": "factor-models", "store": "default", "action": "update"}),
    ("agreement", {"resource": "agreements", "store": "default"}),
    ("of-a", {"resource": "outcome-reports", "organisation": "org-a"}),
    ("of-b", {"resource": "outcome-reports", "organisation": "org-b"}),
    ("key", {"resource": "api-clients", "store": "default"}),
    ("figures", {"resource": "observation-files", "action": "observations.succeeded", "city": ""}),
    ("own-figures", {"resource": "observation-files", "action": "observations.succeeded"}),
)
ANYBODY = {"open", "published", "figures"}


@pytest.mark.parametrize(
    ("role", "city", "organisation", "more"),
    [
        ("", "", "", set()),
        ("dashboard", "GM9001", "", set()),
        ("partner", "GM9001", "org-a", {"of-a"}),
        ("partner", "GM9002", "org-a", set()),
        ("account-holder", "GM9001", "", {"agreement", "of-a", "of-b", "own-figures"}),
        ("account-holder", "GM9002", "", set()),
        ("model-editor", "GM9001", "", {"draft"}),
        ("administrator", "GM9001", "", {"key"}),
    ],
)
def test_a_caller_sees_the_changes_that_its_rights_open(committed, client_with, role, city, organisation, more):
    client = client_with(role, municipality=city, organisation=organisation)
    start = client.get("/v1/changes").json()["cursor"]
    for code, changes in WRITTEN:
        note(code, **changes)

    assert set(told(client.get("/v1/changes", {"cursor": start}))) == ANYBODY | more


def test_one_resource_can_be_followed(public):
    note("release-1")
    note("result-1", resource="societal-results")

    assert told(public.get("/v1/changes?resource=societal-results")) == ["result-1"]


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "cursor=W10=", "cursor=W1sxLDFdXQ==", "cursor=W1s5MDAwMDAwMDAwLDFdLFsxLDFdXQ==", "cursor=%00",
     "cursor=W1sxLDEsLTFdLFsxLDEsMF1d", "cursor=W1sxLDEsOTk5OTk5OTk5OTldLFsxLDEsMF1d", "updatedAfter=yesterday",
     "updatedAfter=2026-01-01T00:00:00", "limit=0", "limit=501", "page=2"],
)  # fmt: skip
def test_a_bad_question_is_refused(stores, client_with, query):
    assert client_with().get(f"/v1/changes?{query}").status_code == 400


def test_the_order_is_kept_by_the_database(committed):
    """The transaction is written by the database, not by us."""
    note("one")

    entry = AuditEntry.objects.get(resource_code="one")
    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        assert 0 < entry.xid < cursor.fetchone()[0]
