"""Profiles that were sent before: never an old one, never twice, and as small as the reader takes them."""

import gzip
import subprocess
import sys

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpResponse

from monitoring.api.kept_profiles import KeptProfiles
from monitoring.api.profiles import AreaProfileSerializer, _shape, arranged
from monitoring.models import Area, AreaMembership, DataSource, Indicator, IndicatorLink, ProfileDocument
from monitoring.services.figures import series
from monitoring.services.profiles import profile_documents
from monitoring.services.profiles.reading import profile_of
from monitoring.services.profiles.register import science
from tests.factories.figures import an_area, an_indicator, an_observation, loaded

pytestmark = pytest.mark.usefixtures("stores")
PATH = "/v1/areas/area-a/profile"


def served(handler):
    """As the web server asks (config/wsgi.py): first whether a profile is kept, then Django."""
    front = KeptProfiles(lambda _environ, _start_response: None)

    def handle(environ):
        heads = []
        environ = {name: sent for name, sent in environ.items() if sent or name != "HTTP_COOKIE"}  # no empty headers
        content = front(environ, lambda status, headers: heads.append((int(status[:3]), dict(headers))))
        if content is None:
            return handler(environ)
        ((status, headers),) = heads
        response = HttpResponse(b"".join(content), status=status, headers=headers)
        response.wsgi_request = WSGIRequest(environ)
        return response

    return handle


@pytest.fixture
def anybody(client_with):
    """A reader without a key; figures of an area in a city."""
    an_indicator()
    an_area("city-a", level="municipality")
    an_area(within=("city-a",))
    DataSource.objects.create(code="source-a", name_nl="Bron")
    loaded(*(an_observation(area_code=code, year=year) for code in ("area-a", "city-a") for year in (2023, 2024)))
    reader = client_with()
    reader.handler = served(reader.handler)
    return reader


def afresh(client, path=PATH):
    """The same question with nothing kept."""
    ProfileDocument.objects.all().delete()
    profile_documents.shelf.clear()
    return client.get(path).content


CHANGES = {
    "a figure": lambda: loaded(an_observation(value=12.0)),
    "a figure of the city": lambda: loaded(an_observation(area_code="city-a", value=12.0)),
    "a new figure": lambda: loaded(an_observation(year=2025)),
    "the series are folded": lambda: series.fold(),
    "the name of the indicator": lambda: Indicator.objects.filter(code="indicator-a").update(name_nl="Anders"),
    "its definition": lambda: Indicator.objects.get(code="indicator-a").definitions.create(version="new", order=5),
    "its links": lambda: IndicatorLink.objects.create(
        indicator_id="indicator-a", target_kind="domain", target_code="work", role="measures", basis="ours"
    ),
    "the source": lambda: DataSource.objects.filter(code="source-a").update(name_nl="Andere bron"),
    "the area": lambda: Area.objects.filter(code="area-a").update(name_nl="Nieuwe naam"),
    "what it lies in": lambda: AreaMembership.objects.filter(child_code="area-a").delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_the_next_answer_is_new(anybody, change):
    before = anybody.get(PATH)
    assert anybody.get(PATH).content == before.content

    CHANGES[change]()

    after = anybody.get(PATH, HTTP_IF_NONE_MATCH=before["ETag"])
    now = anybody.get(PATH).content
    assert now == afresh(anybody)
    assert (now != before.content) == (after.status_code == 200) == (change != "the series are folded")


def test_a_change_that_is_rolled_back_leaves_the_document(anybody):
    from django.db import transaction

    before = anybody.get(PATH).content
    with transaction.atomic(using="monitoring"):
        loaded(an_observation(value=12.0))
        assert anybody.get(PATH).content != before
        transaction.set_rollback(True, using="monitoring")

    assert anybody.get(PATH).content == before == afresh(anybody)


def test_the_web_server_asks_before_django_does():
    code = "from config.wsgi import application; print(type(application).__name__)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "KeptProfiles"


def test_a_kept_profile_is_a_line_in_the_log_too(anybody, caplog):
    anybody.get(PATH)
    caplog.set_level("INFO", logger="http")

    kept = anybody.get(PATH)

    (line,) = (record.msg for record in caplog.records)
    assert (line["event"], line["path"], line["status"]) == ("request", PATH, 200)
    assert line["request_id"] == kept["X-Request-Id"]


def test_a_profile_sent_before_costs_two_small_queries(anybody, django_assert_num_queries):
    anybody.get(PATH)

    with django_assert_num_queries(2, using="monitoring"):  # what links there are to the register, and the stamps
        anybody.get(PATH)


@pytest.mark.parametrize("code", ["nplv", "WK036360", "BU03630100", "area-a"])
def test_the_number_of_queries_of_a_new_profile_does_not_grow(anybody, django_assert_num_queries, code):
    series.fold()
    afresh(anybody, f"/v1/areas/{code}/profile")
    profile_documents.shelf.clear()
    ProfileDocument.objects.all().delete()  # the query before has warmed what is read once per process

    with django_assert_num_queries(14, using="monitoring"):
        anybody.get(f"/v1/areas/{code}/profile")


def test_another_process_finds_it_in_the_store(anybody):
    before = anybody.get(PATH).content
    profile_documents.shelf.clear()
    ProfileDocument.objects.update(tag="from-the-store")

    again = anybody.get(PATH)

    assert (again.content, again["ETag"]) == (before, '"from-the-store"')


def test_an_old_one_in_the_store_is_not_sent(anybody):
    anybody.get(PATH)
    profile_documents.shelf.clear()
    loaded(an_observation(value=12.0))

    assert anybody.get(PATH).json()["other"][0]["latest"]["value"] == 12.0


def test_compressed_and_plain_are_the_same_figures_with_tags_of_their_own(anybody):
    plain = anybody.get(PATH)
    packed = anybody.get(PATH, HTTP_ACCEPT_ENCODING="br, gzip")

    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert (packed["Content-Encoding"], plain.has_header("Content-Encoding")) == ("gzip", False)
    assert packed["ETag"] != plain["ETag"]
    assert {"Accept-Encoding", "Accept-Language", "Authorization"} <= set(packed["Vary"].split(", "))


@pytest.mark.parametrize("wish", ["gzip;q=0", "identity", "br", "gzip; q=0.0, br", ""])
def test_who_does_not_take_gzip_gets_none(anybody, wish):
    anybody.get(PATH)

    assert not anybody.get(PATH, HTTP_ACCEPT_ENCODING=wish).has_header("Content-Encoding")


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_either_tag_is_enough_for_304(anybody, encoding):
    tags = [anybody.get(PATH, HTTP_ACCEPT_ENCODING=wish)["ETag"] for wish in ("gzip", "")]

    wishes = [*tags, f"W/{tags[0]}", f'"other", {tags[1]}', "*"]  # a proxy that compresses makes tags weak
    answers = [anybody.get(PATH, HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=wish) for wish in wishes]

    assert [(one.status_code, one.content) for one in answers] == [(304, b"")] * 5
    assert anybody.get(PATH, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    assert all("ETag" in one and "Cache-Control" in one for one in answers)


def test_each_language_has_its_own(anybody):
    Indicator.objects.filter(code="indicator-a").update(name_en="Share")

    names = [anybody.get(f"{PATH}?lang={lang}").json()["other"][0]["name"] for lang in ("nl", "en", "nl", "en")]

    assert names == ["indicator-a", "Share"] * 2
    assert anybody.get(PATH, HTTP_ACCEPT_LANGUAGE="en").json()["other"][0]["name"] == "Share"


def test_with_a_key_the_answer_is_the_same(anybody, client_with):
    kept = anybody.get(PATH)

    known = client_with("data-steward").get(PATH)

    assert (known.content, known["ETag"]) == (kept.content, kept["ETag"])


def test_an_own_figure_of_a_municipality_is_in_no_kept_profile(anybody, client_with):
    loaded(an_observation(year=2022, municipality_code="GM0363", value=99.0))

    for client in (client_with("data-steward", municipality="GM0363"), anybody):
        assert b"99.0" not in client.get(PATH).content


def test_every_answer_carries_the_headers_of_all_answers(anybody):
    first, kept = anybody.get(PATH), anybody.get(PATH)

    missing = set(first.headers) - set(kept.headers) - {"Allow", "RateLimit", "RateLimit-Policy"}
    assert missing == set()
    assert kept["Content-Language"] == "nl"
    assert anybody.head(PATH).headers["ETag"] == kept["ETag"]


@pytest.mark.parametrize("path", [PATH + "?color=red", "/v1/areas/nowhere/profile", PATH + "?year=1901x"])
def test_what_is_wrong_stays_wrong(anybody, path):
    anybody.get(PATH)

    assert anybody.get(path).status_code in {400, 404}


def test_without_the_register_nothing_is_kept(anybody, monkeypatch):
    anybody.get(PATH)
    ProfileDocument.objects.all().delete()
    settings = connections["default"].settings_dict
    connections["default"].close()
    monkeypatch.setitem(settings, "HOST", "/nowhere")

    assert anybody.get(PATH).json()["absent"] == ["factors"]
    assert not ProfileDocument.objects.exists()


def test_memory_stays_bounded():
    shelf = profile_documents.Shelf(most_bytes=1000)
    for number in range(50):
        shelf.put(profile_documents.Document(f"area-{number}", "nl", "", {}, b"p" * 100, "tag", b"c" * 200))

    assert shelf.bytes == 900
    assert shelf.find("area-49", "nl")
    assert shelf.find("area-0", "nl") is None


@pytest.mark.parametrize("code", ["nplv", "WK036360", "NL00", "zaandam-oost"])
def test_profiles_are_shaped_as_their_serializer_says(code):
    profile = profile_of(Area.objects.vintages_of(code).first())
    thing = arranged(profile, science("nl"))

    assert _shape()(thing) == AreaProfileSerializer(thing, context={"parents": {}}).data
