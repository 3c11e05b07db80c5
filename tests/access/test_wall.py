"""The second wall: the database hides partner data from whoever goes around the code's own rules."""

import os
import subprocess
import sys
from datetime import date

import psycopg
import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import walls
from config.api.access import Grant, Principal
from config.postgres.base import DatabaseWrapper
from monitoring.models import OutcomeReport
from monitoring.services.delivery.deliveries import deliver
from monitoring.services.delivery.known import Sender
from tests.factories import outcomes

TABLES = (
    "outcomereport",
    "outcomereporthistory",
    "receipt",
    "aggregate",
    "measurementplan",
    "reportnote",
    "correctioneffect",
    "releasebasis",
)
COMPARING = ("outcomereport", "outcomereporthistory", "receipt", "aggregate", "measurementplan", "correctioneffect")
CITY = outcomes.CITY
TODAY = date(2026, 1, 1)
ORG_A, ORG_B = Grant("partner", CITY, "org-a"), Grant("partner", CITY, "org-b")


def caller(*grants):
    return Principal("client:x", "client", grants)


def seen_by(principal):
    """Organisations whose reports plain SQL shows as the app role, within the reach of a principal."""
    with walls.closed():
        walls.open_for(principal)
        with connections["monitoring"].cursor() as cursor:
            cursor.execute("SELECT DISTINCT organisation_code FROM monitoring_outcomereport ORDER BY 1")
            return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def two_partners(stores):
    """Reports of org-a and org-b in one city."""
    outcomes.city()
    for code, organisation in (("offering-a", "org-a"), ("offering-b", "org-b")):
        outcomes.offering(code, organisationCode=organisation)
        sender = Sender("client:x", frozenset({(CITY, organisation)}))
        deliver(raws=[outcomes.report(offeringCode=code)], sender=sender, day=TODAY, dry_run=False)


@pytest.mark.parametrize(
    ("grants", "seen"),
    [
        ((), []),
        ((ORG_A,), ["org-a"]),
        ((ORG_A, ORG_B), ["org-a", "org-b"]),
        ((Grant("account-holder", CITY),), ["org-a", "org-b"]),
        ((Grant("data-steward", CITY),), ["org-a", "org-b"]),
        ((Grant("account-holder", "GM9002"),), []),
        ((Grant("partner", "GM9002", "org-a"),), []),
        ((Grant("dashboard", CITY),), []),
        ((Grant("administrator", CITY),), []),
        ((Grant("model-editor", CITY),), []),
    ],
)
def test_plain_sql_shows_what_is_within_reach(two_partners, grants, seen):
    assert seen_by(caller(*grants)) == seen


def test_a_worker_sees_everything(two_partners):
    assert set(OutcomeReport.objects.values_list("organisation_code", flat=True)) == {"org-a", "org-b"}


def test_a_row_of_another_cannot_be_written_changed_or_removed(two_partners):
    report = OutcomeReport.objects.get(organisation_code="org-b")
    with walls.closed():
        walls.open_for(caller(ORG_A))
        changed = OutcomeReport.objects.filter(pk=report.pk).update(version=9)
        removed, _kinds = OutcomeReport.objects.filter(pk=report.pk).delete()
        report.pk, report.area_code, report.external_id = None, "unknown", ""
        with pytest.raises(Exception, match="row-level security"), transaction.atomic(using="monitoring"):
            report.save(force_insert=True)

    assert (changed, removed) == (0, 0)
    assert OutcomeReport.objects.filter(organisation_code="org-b").get().version == 1


@pytest.mark.parametrize("table", TABLES)
def test_the_wall_stands_round_each_table_with_partner_data(committed, table):
    with psycopg.connect(os.environ["MONITORING_DATABASE_URL"]) as app:
        question = "SELECT relrowsecurity, row_security_active(oid) FROM pg_class WHERE relname = %s"
        found = app.execute(question, [f"monitoring_{table}"]).fetchone()

    assert found == (True, True)


def test_a_committed_report_is_hidden_from_a_bare_connection(committed):
    outcomes.city()
    outcomes.offering()
    sender = Sender("client:x", frozenset({(CITY, "org-a")}))
    deliver(raws=[outcomes.report()], sender=sender, day=TODAY, dry_run=False)

    with psycopg.connect(os.environ["MONITORING_DATABASE_URL"]) as app:
        bare = app.execute("SELECT count(*) FROM monitoring_outcomereport").fetchone()
        app.execute("SELECT set_config('factorenmodel.reach', %s, false)", [f"{CITY}/org-a"])
        own = app.execute("SELECT count(*) FROM monitoring_outcomereport").fetchone()

    assert (bare, own) == ((0,), (1,))


codes = st.sampled_from(["GM9001", "GM9002", "GM900", "", "*", "GM9001/org-a"])
reaches = st.one_of(st.none(), st.lists(st.sampled_from(["GM9001", "GM9001/org-a", "GM9002/", "*", "**", ""])))


@given(reaches, codes, st.one_of(st.none(), st.sampled_from(["org-a", "org-b", "", "*"])))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("stores")
def test_a_row_is_seen_when_everything_its_city_or_its_partner_is_within_reach(reach, city, organisation):
    names = {"*", city} | ({f"{city}/{organisation}"} if organisation is not None else set())
    told = ",".join(reach or [])
    expected = bool(told and names & set(told.split(",")))

    assert {table: sees(table, reach, city, organisation) for table in COMPARING} == dict.fromkeys(COMPARING, expected)


def test_the_basis_of_a_release_is_seen_with_everything_or_its_city_within_reach(stores):
    seen = {reach: sees("releasebasis", [reach], CITY, "org-a") for reach in ("*", CITY, f"{CITY}/org-a", "GM9002", "")}

    assert seen == {"*": True, CITY: True, f"{CITY}/org-a": False, "GM9002": False, "": False}


def sees(table, reach, city, organisation):
    """Whether the policy of a table, as it stands in the database, shows such a row. reach None: it was never set."""
    with connections["monitoring"].cursor() as cursor:
        cursor.execute("SELECT qual FROM pg_policies WHERE tablename = %s", [f"monitoring_{table}"])
        [(condition,)] = cursor.fetchall()
        if reach is None:
            condition = condition.replace("factorenmodel.reach", "factorenmodel.never_set")
        else:
            cursor.execute("SELECT set_config('factorenmodel.reach', %s, true)", [",".join(reach)])
        row = "(VALUES (%s::text, %s::text)) AS row (municipality_code, organisation_code)"
        cursor.execute(f"SELECT count(*) FROM {row} WHERE {condition}", [city, organisation])  # noqa: S608 - the policy
        (seen,) = cursor.fetchone()
        cursor.execute("SELECT set_config('factorenmodel.reach', %s, true)", [walls.reach()])
        return seen == 1


def test_the_reach_survives_a_rollback_inside_a_request(two_partners):
    with walls.closed():
        with transaction.atomic(using="monitoring"):
            walls.open_for(caller(ORG_A))
            with pytest.raises(ZeroDivisionError), transaction.atomic(using="monitoring"):
                walls.open_for(caller(ORG_B))
                OutcomeReport.objects.count()
                raise ZeroDivisionError
            found = list(OutcomeReport.objects.values_list("organisation_code", flat=True))

    assert found == ["org-b"]


def test_one_caller_after_another_on_one_connection(committed):
    """No reach is left behind for the next request, also after a transaction that failed."""
    connection = connections["monitoring"]
    assert isinstance(connection, DatabaseWrapper)
    told = []
    for principal in (caller(ORG_A), caller(), caller(Grant("account-holder", CITY))):
        with walls.closed():
            walls.open_for(principal)
            with pytest.raises(ZeroDivisionError), transaction.atomic(using="monitoring"):
                OutcomeReport.objects.count()
                raise ZeroDivisionError
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('factorenmodel.reach')")
                told.append(cursor.fetchone()[0])

    assert told == [f"{CITY}/org-a", "", CITY]


def test_the_web_servers_process_denies_by_default():
    code = "import config.wsgi; from config import walls; print(repr(walls.reach()))"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "''"


def test_a_request_sees_nothing_before_its_caller_is_known():
    with walls.closed():
        assert walls.reach() == walls.NOTHING
    assert walls.reach() == walls.EVERYTHING


def test_a_forgotten_rule_shows_no_foreign_report(two_partners, client_with, monkeypatch):
    """The first wall taken away: the second still stands."""
    from django.db.models import Q

    from monitoring import access

    monkeypatch.setattr(access, "reports", lambda principal: Q())

    answer = client_with("partner", municipality=CITY, organisation="org-a").get("/v1/outcome-reports")

    assert {row["organisationCode"] for row in answer.json()["results"]} == {"org-a"}
