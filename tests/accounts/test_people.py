"""People log in to pages: lock-out, what is written down of it, and that a session opens nothing of the API."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import people
from accounts.models import Municipality, RoleGrant, User
from config.ledger import records
from tests.factories import accounts as account_factory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.usefixtures("stores")
DJANGOS = "django.contrib.auth.backends.ModelBackend"
HTML = {"HTTP_ACCEPT": "text/html"}


def sign_in(client, name, password=PASSWORD, **extra):
    return client.post("/inloggen", {"username": name, "password": password}, **extra)


def written(action):
    return list(records.model("default", "AuditEntry")._default_manager.filter(action=action).order_by("id"))


@pytest.fixture
def steward():
    return account_factory.person("data-steward")


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(account_factory.person("administrator"), DJANGOS)
    return client


def test_somebody_logs_in_sees_the_own_roles_and_logs_out(steward):
    client = Client()

    into = sign_in(client, steward.username)
    page = client.get("/mijn").content.decode()
    out = client.post("/uitloggen")

    assert (into.status_code, into["Location"]) == (302, "/mijn")
    assert "gegevensbeheerder" in page
    assert out.status_code == 200
    assert client.get("/mijn").status_code == 302
    assert [row.actor for row in written("user.logged-in") + written("user.logged-out")] == [f"user:{steward.pk}"] * 2


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(steward):
    pages = [sign_in(Client(), name, "verkeerd").content.decode() for name in (steward.username, "nobody-at-all")]

    told = [re.sub(r'(csrfmiddlewaretoken" value|name="username" value)="[^"]*"', "", page) for page in pages]
    assert told[0] == told[1]
    assert [(row.actor, row.resource_code) for row in written("user.login-failed")] == [
        (f"user:{steward.pk}", str(steward.pk)), ("unknown", "unknown"),
    ]  # fmt: skip


def test_after_five_wrong_passwords_the_right_one_does_not_help_from_there(steward):
    client = Client()
    answers = [sign_in(client, steward.username, f"verkeerd {n}").status_code for n in range(5)]

    right = sign_in(client, steward.username)
    elsewhere = sign_in(Client(), steward.username, REMOTE_ADDR="198.51.100.7")

    assert answers == [200] * 4 + [429]
    assert right.status_code == 429
    assert "kwartier" in right.content.decode()
    assert SESSION_KEY not in client.session
    assert elsewhere.status_code == 302  # nobody can lock a colleague out from another address
    assert {row.resource_code for row in written("user.locked-out")} == {str(steward.pk)}


def test_behind_a_trusted_proxy_the_lock_is_for_the_address_it_wrote_down(steward, settings):
    settings.BEHIND_PROXY = True
    for n in range(5):
        sign_in(Client(), steward.username, f"verkeerd {n}", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 203.0.113.9")

    assert sign_in(Client(), steward.username, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429
    assert sign_in(Client(), steward.username, HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 302


def test_trying_many_names_from_one_address_is_limited_too(settings):
    settings.QUOTA_SIGN_IN = 3
    answers = [sign_in(Client(), f"name-{n}", "verkeerd") for n in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_session_opens_nothing_of_the_api(steward):
    client = Client()
    client.force_login(steward, DJANGOS)

    with CaptureQueriesContext(connection) as seen:
        answers = [client.get("/v1/agreements"), client.post("/v1/releases", {}, content_type="application/json")]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert not any(answer.cookies for answer in answers)
    assert not [query for query in seen.captured_queries if "session" in query["sql"]]
    assert client.get("/mijn").status_code == 200


def test_a_form_from_elsewhere_is_refused_as_page_or_problem(steward):
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward, DJANGOS)

    page = client.post("/mijn/wachtwoord", {}, **HTML)
    problem = client.post("/mijn/wachtwoord", {})

    assert (page.status_code, page["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert (problem.status_code, problem["Content-Type"]) == (403, "application/problem+json")


def test_after_logging_in_nobody_is_sent_elsewhere(steward):
    answer = sign_in(Client(), steward.username, QUERY_STRING="next=https://evil.example/")

    assert answer["Location"] == "/mijn"


def test_who_may_no_longer_log_in_is_out_at_once(steward):
    client = Client()
    client.force_login(steward, DJANGOS)
    User.objects.filter(pk=steward.pk).update(is_active=False)

    assert client.get("/mijn").status_code == 302
    assert sign_in(Client(), steward.username).status_code == 200


def test_a_new_password_ends_other_sessions_and_is_written_down_without_it(steward):
    one, other = Client(), Client()
    sign_in(one, steward.username)
    sign_in(other, steward.username)

    new = "een heel ander lang wachtwoord"
    answer = one.post("/mijn/wachtwoord", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert answer.status_code == 302
    assert (one.get("/mijn").status_code, other.get("/mijn").status_code) == (200, 302)
    assert [row.after for row in written("user.password-changed")] == [None]


@pytest.mark.parametrize("weak", ["kort", "1q2w3e4r5t6y", "data-steward-gm0363"])
def test_a_weak_password_is_refused(steward, weak):
    client = Client()
    client.force_login(steward, DJANGOS)

    answer = client.post("/mijn/wachtwoord", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak})

    assert answer.status_code == 200
    steward.refresh_from_db()
    assert steward.check_password(PASSWORD)


def grants_form(*rows, initial=0):
    form = {"grants-TOTAL_FORMS": len(rows), "grants-INITIAL_FORMS": initial}
    for n, row in enumerate(rows):
        form |= {f"grants-{n}-{name}": value for name, value in row.items()}
    return form


NEW = {"username": "new-adviser", "email": "", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
ADVISER = {"role": "area-adviser", "municipality": "GM0363", "organisation_code": ""}


def test_an_administrator_makes_somebody_with_a_role_and_it_is_written_down(administrator):
    answer = administrator.post("/beheer/accounts/user/add/", NEW | grants_form(ADVISER))

    made = User.objects.get(username="new-adviser")
    assert answer.status_code == 302
    assert people.principal_of(made).municipalities({"area-adviser"}) == {"GM0363"}
    assert people.principal_of(made).may("plans.write")
    assert [(row.resource_code, row.municipality_code) for row in written("user.registered")[-1:]] == [
        (str(made.pk), "GM0363")
    ]
    assert written("role.given")[-1].after == {
        "role": "area-adviser", "municipalityCode": "GM0363", "organisationCode": "",
    }  # fmt: skip


def test_roles_elsewhere_of_partners_without_organisation_or_none_are_refused(administrator):
    Municipality.objects.create(code="GM0599", name="Rotterdam")
    wrong = [
        grants_form(ADVISER | {"municipality": "GM0599"}), grants_form(ADVISER | {"role": "partner"}),
        grants_form(ADVISER | {"organisation_code": "org-a"}), grants_form(ADVISER | {"role": "king"}), grants_form(),
    ]  # fmt: skip

    for form in wrong:
        assert administrator.post("/beheer/accounts/user/add/", NEW | form).status_code == 200
    assert not User.objects.filter(username="new-adviser").exists()


def test_an_administrator_makes_no_superuser_and_takes_a_role_of_the_own_municipality(administrator, steward):
    row = RoleGrant.objects.get(user=steward)
    gone = {"id": row.pk, "user": steward.pk, "DELETE": "on"}
    form = grants_form(gone, ADVISER, initial=1)
    body = {"username": steward.username, "email": "", "is_active": "on", "is_superuser": "on"} | form

    answer = administrator.post(f"/beheer/accounts/user/{steward.pk}/change/", body)

    assert answer.status_code == 302, answer.content.decode()
    assert not User.objects.get(pk=steward.pk).is_superuser
    assert [grant.role for grant in RoleGrant.objects.filter(user=steward)] == ["area-adviser"]
    assert written("role.taken")[-1].before["role"] == "data-steward"


def test_stopping_somebody_is_written_down_with_before_and_after(administrator, steward):
    row = RoleGrant.objects.get(user=steward)
    form = grants_form({"id": row.pk, "user": steward.pk}, initial=1)

    administrator.post(f"/beheer/accounts/user/{steward.pk}/change/", {"username": steward.username} | form)

    entry = written("user.changed")[-1]
    assert (entry.before["active"], entry.after["active"]) == (True, False)
    assert steward.username not in str([entry.before, entry.after, entry.actor, entry.resource_code])


def test_the_audit_and_djangos_own_log_hold_no_name(administrator, steward):
    administrator.post("/beheer/accounts/user/add/", NEW | grants_form(ADVISER))
    sign_in(Client(), steward.username)
    sign_in(Client(), steward.username, "verkeerd")

    kept = str(list(records.model("default", "AuditEntry")._default_manager.values_list()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_admin_log")
        assert cursor.fetchone() == (0,)
    assert "new-adviser" not in kept
    assert steward.username not in kept


PAGES = ["/", "/toegankelijkheid", "/inloggen", "/mijn", "/mijn/wachtwoord", "/beheer/", "/beheer/accounts/user/",
         "/beheer/accounts/user/add/", "/beheer/accounts/auditentry/", "/beheer/factors/pillar/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_that_its_policy_forbids(administrator, path):
    client = Client() if path == "/inloggen" else administrator
    answer = client.get(path, **HTML)
    text, policy = answer.content.decode(), answer["Content-Security-Policy"]

    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"].split(",")[0] in {"no-store", "max-age=0"}
    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert not scripts or "script-src 'self'" in policy
    for found in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text):
        assert found.startswith(("/assets/", "/beheer/jsi18n/")), found
        assert client.get(found).status_code == 200


@pytest.mark.parametrize(
    "name", ["../settings.py", "%2e%2e/settings.py", "web", "..%2f..%2fpyproject.toml", "a%00b", "/etc/passwd"]
)
def test_only_assets_are_served_as_assets(name):
    answer = Client().get(f"/assets/{name}")

    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_an_asset_is_not_sent_twice():
    first = Client().get("/assets/web/pages.css")

    again = Client().get("/assets/web/pages.css", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first["Content-Type"], again.status_code) == ("text/css", 304)


def test_with_the_default_store_away_the_start_page_stands_and_logging_in_is_a_503(steward, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(User.objects, "get_by_natural_key", away)
    monkeypatch.setattr(User._default_manager, "get_by_natural_key", away)

    assert Client().get("/").status_code == 200
    answer = sign_in(Client(), steward.username, **HTML)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "<h1>" in answer.content.decode()


def test_the_first_administrator_is_made_by_a_command(capsys):
    Municipality.objects.create(code="GM0001", name="Aldaar")
    call_command("create_administrator", "first", municipality="GM0001")
    password = capsys.readouterr().out.rsplit(" ", 1)[-1].strip()

    client = Client()

    assert sign_in(client, "first", password).status_code == 302
    assert client.get("/beheer/accounts/user/").status_code == 200
    assert not User.objects.get(username="first").is_superuser
    for wrong in ({"username": "first"}, {"username": "second", "municipality": "GM0002"}):
        with pytest.raises(CommandError):
            call_command("create_administrator", wrong.pop("username"), **wrong)
