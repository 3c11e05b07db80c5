"""Every page × method × visitor has an answer somebody decided on; of another municipality nothing is there."""

import re

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from tests.access.routes import page_routes
from tests.factories import accounts as account_factory

pytestmark = pytest.mark.usefixtures("stores")
VISITORS = ("nobody", "somebody", "administrator", "superuser", "partner")
Answers = tuple[int, int, int, int]
"""By visitor; a partner gets what somebody gets, but for its own pages. 302: away to log in, or onward."""

OPEN: dict[str, Answers] = {"GET": (200,) * 4, "POST": (405,) * 4}
NEVER: Answers = (405,) * 4
UNKNOWN: Answers = (302, 302, 404, 404)
FORBIDDEN: Answers = (302, 302, 403, 403)
SHOWN: Answers = (302, 302, 200, 200)
OF_PARTNERS: Answers = (302, 403, 403, 403)

LOOKED_AT = {
    "": {"GET": SHOWN, "POST": SHOWN},
    "add/": {"GET": FORBIDDEN, "POST": FORBIDDEN},
    "{object_id}/": {"GET": (302,) * 4, "POST": (302,) * 4},
    "{object_id}/change/": {"GET": UNKNOWN, "POST": FORBIDDEN},
    "{object_id}/delete/": {"GET": FORBIDDEN, "POST": FORBIDDEN},
    "{object_id}/history/": {"GET": UNKNOWN, "POST": UNKNOWN},
}
MUNICIPALITY = LOOKED_AT | {"add/": {"GET": (302, 302, 403, 200), "POST": (302, 302, 403, 200)}}
PERSON = LOOKED_AT | {
    "add/": {"GET": SHOWN, "POST": SHOWN},
    "{object_id}/change/": {"GET": UNKNOWN, "POST": UNKNOWN},
    "{id}/password/": {"GET": UNKNOWN, "POST": UNKNOWN},
}
TABLES = {
    "accounts/user": PERSON, "accounts/municipality": MUNICIPALITY, "accounts/client": LOOKED_AT,
    "accounts/auditentry": LOOKED_AT, "factors/pillar": LOOKED_AT, "factors/domain": LOOKED_AT,
    "factors/lifephase": LOOKED_AT, "factors/lifedomain": LOOKED_AT, "factors/glossaryterm": LOOKED_AT,
    "interventions/effectlevel": LOOKED_AT, "interventions/interventiondatabase": LOOKED_AT,
    "interventions/servicetype": LOOKED_AT, "monitoring/datasource": LOOKED_AT,
}  # fmt: skip
EXPECTED: dict[str, dict[str, Answers]] = {
    "/": OPEN,
    "/toegankelijkheid": OPEN,
    "/waarom": OPEN,
    "/waarom/{code}": {"GET": (404,) * 4, "POST": NEVER},
    "/waarom/{code}/{factor_code}": {"GET": (404,) * 4, "POST": NEVER},
    "/inloggen": {"GET": (200, 302, 302, 302), "POST": (200, 302, 302, 302)},
    "/uitloggen": {"GET": NEVER, "POST": (200,) * 4},
    "/mijn": {"GET": (302, 200, 200, 200), "POST": NEVER},
    "/mijn/wachtwoord": {"GET": (302, 200, 200, 200), "POST": (302, 200, 200, 200)},
    "/mijn/aanbod": {"GET": OF_PARTNERS, "POST": NEVER},
    "/mijn/aanbod/sjabloon": {"GET": OF_PARTNERS, "POST": NEVER},
    "/mijn/aanleveren": {"GET": OF_PARTNERS, "POST": OF_PARTNERS},
    "/mijn/bonnen/{receipt_id}": {"GET": OF_PARTNERS, "POST": NEVER},
    "/assets/{name}": {"GET": (404,) * 4, "POST": NEVER},
    "/beheer/": {"GET": SHOWN, "POST": SHOWN},
    "/beheer/{app}/": {"GET": SHOWN, "POST": SHOWN},
    "/beheer/autocomplete/": {"GET": FORBIDDEN, "POST": (302, 302, 405, 405)},
    "/beheer/jsi18n/": {"GET": SHOWN, "POST": (302, 302, 405, 405)},
    "/beheer/login/": {"GET": (302, 404, 302, 302), "POST": (302, 404, 302, 302)},
    "/beheer/logout/": {"GET": (302, 302, 405, 405), "POST": SHOWN},
    "/beheer/password_change/": {"GET": (302,) * 4, "POST": (302,) * 4},
    "/beheer/password_change/done/": {"GET": SHOWN, "POST": (302, 302, 405, 405)},
    "/beheer/r/{content_type_id}/{object_id}/": {"GET": UNKNOWN, "POST": UNKNOWN},
    **{f"/beheer/{table}/{path}": rules for table, paths in TABLES.items() for path, rules in paths.items()},
}


PARTNERS = {
    ("/mijn/aanbod", "GET"): 200, ("/mijn/aanbod/sjabloon", "GET"): 200, ("/mijn/aanleveren", "GET"): 200,
    ("/mijn/aanleveren", "POST"): 400, ("/mijn/bonnen/{receipt_id}", "GET"): 404,
}  # fmt: skip


def expected(name, page, method):
    if name == "partner":
        return PARTNERS.get((page, method), EXPECTED[page][method][VISITORS.index("somebody")])
    return EXPECTED[page][method][VISITORS.index(name)]


def template(route):
    """Django writes the pattern of an app's page as one of all apps."""
    return re.sub(r"^/beheer/\^.*", "/beheer/{app}/", route.template)


def somebody(name):
    """The person of this kind, or None."""
    if name == "superuser":
        return account_factory.person(name="root", superuser=True)
    return None if name == "nobody" else account_factory.person({"somebody": "data-steward"}.get(name, name))


def logged_in(person):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, DJANGOS)
    return client


def visitor(name):
    return logged_in(somebody(name))


DJANGOS = "django.contrib.auth.backends.ModelBackend"
LEAVING = ("/uitloggen", "/beheer/logout/")


def test_every_page_has_been_decided_on():
    assert sorted({template(route) for route in page_routes()}) == sorted(EXPECTED)


@pytest.mark.parametrize("name", VISITORS)
def test_a_visitor_gets_the_decided_answer_everywhere(name):
    person, wrong = somebody(name), []
    client = logged_in(person)

    for route in page_routes():
        asks = logged_in(person) if route.template in LEAVING else client
        path = template(route).replace("{app}", "factors") if "^" in route.template else route.sample
        for method in ("GET", "POST"):
            answer = asks.generic(method, path, b"", content_type="application/x-www-form-urlencoded")
            if answer.status_code != expected(name, template(route), method):
                wrong.append((method, template(route), answer.status_code))

    assert wrong == []


@pytest.mark.parametrize(
    "role", ["partner", "dashboard", "account-holder", "area-adviser", "data-steward", "model-editor"]
)
def test_no_other_role_comes_into_the_administration(role):
    client = Client()
    client.force_login(account_factory.person(role), DJANGOS)

    assert client.get("/beheer/")["Location"].startswith("/beheer/login/")
    assert client.get("/beheer/login/").status_code == 404


def test_people_of_another_municipality_are_not_there():
    administrator = visitor("administrator")
    own = account_factory.person("partner")
    foreign = account_factory.person("partner", municipality="GM0599", name="elsewhere")

    page = administrator.get("/beheer/accounts/user/").content.decode()
    answers = {
        what: [
            administrator.get(f"/beheer/accounts/user/{user}/change/").status_code,
            administrator.post(f"/beheer/accounts/user/{user}/change/").status_code,
            administrator.get(f"/beheer/accounts/user/{user}/password/").status_code,
        ]
        for what, user in {
            "own": own.pk,
            "foreign": foreign.pk,
            "unknown": "00000000-0000-4000-8000-000000000000",
        }.items()
    }

    assert own.username in page
    assert "elsewhere" not in page
    assert answers["own"] == [200, 200, 200]
    assert answers["foreign"] == answers["unknown"] == [404, 404, 404]


def test_somebody_who_also_works_elsewhere_is_shown_but_not_changed():
    administrator, both = visitor("administrator"), account_factory.person("partner")
    account_factory.person("dashboard", municipality="GM0599")
    RoleGrant.objects.create(user=both, role="data-steward", municipality_id="GM0599")

    page = administrator.get(f"/beheer/accounts/user/{both.pk}/change/")
    changed = administrator.post(f"/beheer/accounts/user/{both.pk}/change/", {"username": "taken-over"})
    password = administrator.post(f"/beheer/accounts/user/{both.pk}/password/", {"password1": "x", "password2": "x"})

    assert page.status_code == 200
    assert "GM0599" not in page.content.decode()
    assert (changed.status_code, password.status_code) == (403, 403)
    assert User.objects.get(pk=both.pk).username == both.username


def test_the_administration_names_its_lists_in_the_readers_language():
    client = visitor("superuser")

    dutch, english = (
        client.get("/beheer/", HTTP_ACCEPT_LANGUAGE=language).content.decode() for language in ("nl", "en")
    )

    names = {
        "Effectladder": "Effect ladder", "Databanken met interventies": "Databases of interventions",
        "Soorten diensten": "Types of service", "Bronnen van cijfers": "Sources of figures", "Pijlers": "Pillars",
        "Woordenlijst": "Glossary", "Codelijsten van interventies": "Code lists of interventions",
    }  # fmt: skip
    assert [name for name in names if name not in dutch] == []
    assert [name for name in names.values() if name not in english] == []
    assert not re.findall(r"Effect levels|Service types|Data sources|Intervention databases", dutch)
