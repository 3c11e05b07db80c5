"""Access tokens of an outside issuer: a real one, that these tests start and ask for tokens."""

import hmac
import json
import threading
import time

import httpx
import pytest
from django.core.cache import cache
from django.db import OperationalError
from joserfc.jwk import ECKey, OctKey, RSAKey
from rest_framework.test import APIClient

from accounts import identities, issuer_document, issuer_keys, key_use
from accounts.models import Client, OutsideIdentity, RoleGrant
from config.issuers import BadIssuer, Issuer, issuers
from config.ledger import records
from tests.accounts import issuer as outside
from tests.factories import accounts as account_factory

pytestmark = [pytest.mark.usefixtures("stores"), pytest.mark.filterwarnings("ignore:Key size")]
AGREEMENTS = "/v1/agreements"
IDENTITIES = "/v1/api-clients/account-holder-gm0363/identities"


@pytest.fixture
def issuer(settings):
    issuer_keys.forget()
    with outside.running(settings.OAUTH_AUDIENCE) as running:
        settings.OAUTH_ISSUERS = {running.url: Issuer(running.url, f"{running.url}/certs")}
        yield running
    issuer_keys.forget()


@pytest.fixture
def registered(issuer, client_with):
    """The account holder's client is known at the issuer as client-a; the administrator said so."""
    account_factory.key("account-holder")
    administrator = client_with("administrator")
    answer = administrator.post(IDENTITIES, {"issuer": issuer.url, "issuerClient": "client-a"}, format="json")
    assert answer.status_code == 201, answer.content
    return administrator


def asked(token, path=AGREEMENTS):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client.get(path)


def test_a_client_gets_a_token_at_its_issuer_and_works_here_with_it(issuer, registered):
    form = {"grant_type": "client_credentials", "scope": "agreements.read"}
    token = httpx.post(f"{issuer.url}/token", data=form, auth=("client-a", "secret-a")).json()["access_token"]

    answer = asked(token)

    assert answer.status_code == 200
    assert answer["RateLimit"]


@pytest.mark.parametrize("kind", ["RS256", "PS256", "ES256"])
def test_each_allowed_signature_is_taken(issuer, registered, kind):
    issuer.rotate(kind)

    assert asked(issuer.token()).status_code == 200


def test_a_token_gives_no_more_than_its_scopes_and_no_more_than_the_roles(issuer, registered):
    narrow = asked(issuer.token(scope="indicators.read"))
    too_wide = asked(issuer.token(scope="agreements.read audit.read"), "/v1/audit-entries")

    assert (narrow.status_code, too_wide.status_code) == (403, 403)
    assert 'error="insufficient_scope", scope="agreements.read"' in narrow["WWW-Authenticate"]


NOW = int(time.time())
WRONG = {
    "another audience": {"aud": "https://elsewhere.example/v1"},
    "no audience": {"aud": None},
    "expired": {"iat": NOW - 900, "nbf": NOW - 900, "exp": NOW - 600},
    "not yet": {"nbf": NOW + 9999, "exp": NOW + 9999},
    "made in the future": {"iat": NOW + 9999, "exp": NOW + 10999},
    "lives for a day": {"exp": NOW + 86400},
    "never ends": {"exp": None},
    "ends at infinity": {"exp": 10**400},
    "a text as moment": {"exp": "tomorrow"},
    "no moment of issue": {"iat": None},
    "no id": {"jti": None},
    "no scope": {"scope": None},
    "a list as scope": {"scope": ["agreements.read"]},
    "no subject": {"sub": None},
    "subject of a person": {"sub": "user-1"},
    "two clients": {"azp": "client-b"},
    "a client nobody registered": {"client_id": "client-z", "sub": "client-z"},
    "a name with NUL": {"client_id": "client\x00a"},
    "another issuer": {"iss": "https://issuer.example"},
    "an issuer that is no text": {"iss": 7},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_wrong_claim_is_401_and_says_invalid_token(issuer, registered, changes):
    refused_as_invalid(asked(issuer.token(**changes)))


def refused_as_invalid(answer):
    assert answer.status_code == 401, answer.content
    assert answer["WWW-Authenticate"].startswith('Bearer realm="factorenmodel", error="invalid_token"')
    assert answer["Content-Type"] == "application/problem+json"


HEADERS = {
    "an id token": {"typ": "JWT"},
    "no type": {"typ": None},
    "no key id": {"kid": None},
    "a key id nobody has": {"kid": "nobody"},
    "another algorithm of the same key": {"alg": "PS256"},
    "something critical": {"crit": ["exp"], "exp": 1},
    "a list as algorithm": {"alg": ["RS256"]},
}


@pytest.mark.parametrize("changes", HEADERS.values(), ids=HEADERS)
def test_a_wrong_header_is_401_though_the_signature_is_right(issuer, registered, changes):
    header = {"alg": "RS256", "typ": "at+jwt", "kid": issuer.key.kid} | changes

    refused_as_invalid(asked(issuer.forged({k: v for k, v in header.items() if v is not None}, issuer.rs256)))


def test_the_hand_that_forges_makes_a_sound_token_too(issuer, registered):
    sound = issuer.forged({"alg": "RS256", "typ": "at+jwt", "kid": issuer.key.kid}, issuer.rs256)

    assert asked(sound).status_code == 200


def test_no_signature_and_a_shared_secret_are_refused(issuer, registered):
    header = {"typ": "at+jwt", "kid": issuer.key.kid}
    public = issuer.key.as_pem(private=False)

    refused_as_invalid(asked(issuer.forged(header | {"alg": "none"}, lambda _content: b"")))
    refused_as_invalid(
        asked(issuer.forged(header | {"alg": "HS256"}, lambda content: hmac.digest(public, content, "sha256")))
    )


def test_the_signature_of_another_key_is_refused(issuer, registered):
    other = RSAKey.generate_key(2048, {"kid": issuer.key.kid})

    refused_as_invalid(asked(issuer.token(key=other)))


def test_a_token_cannot_say_where_its_key_stands(issuer, registered, settings):
    with outside.running(settings.OAUTH_AUDIENCE) as attacker:
        header = {"alg": "RS256", "typ": "at+jwt", "kid": attacker.key.kid, "jku": f"{attacker.url}/certs",
                  "x5u": f"{attacker.url}/certs", "jwk": attacker.key.as_dict(private=False)}  # fmt: skip
        payload = json.dumps(issuer.claims()).encode()

        refused_as_invalid(asked(attacker.forged(header, attacker.rs256, payload)))

        assert attacker.asked == {}


@pytest.mark.parametrize(
    "text", ["a.b.c", "..", "é.é.é", "e30.e30.e30", "a" * 9000 + ".b.c", "eyJhbGciOiJub25lIn0.e30."]
)
def test_what_is_no_token_is_401(issuer, text):
    refused_as_invalid(asked(text.encode("utf-8").decode("latin-1")))


@pytest.mark.parametrize("payload", [b"[" * 5000, b"[]", b"null", b'{"iss":NaN}', b"\xff", b'{"iss":"\\ud800"}'])
def test_a_payload_that_is_no_object_is_401(issuer, payload):
    header = {"alg": "RS256", "typ": "at+jwt", "kid": issuer.key.kid}

    refused_as_invalid(asked(issuer.forged(header, issuer.rs256, payload)))


def test_keys_are_not_fetched_for_each_request(issuer, registered):
    for _ in range(5):
        assert asked(issuer.token()).status_code == 200

    assert issuer.asked["/certs"] == 1


def test_a_new_key_is_found_at_once_and_the_old_one_no_longer_counts(issuer, registered, settings):
    old = issuer.token()
    assert asked(old).status_code == 200
    settings.OAUTH_REFETCH_SECONDS = 0
    cache.clear()
    issuer.rotate("ES256")

    assert asked(issuer.token()).status_code == 200
    assert asked(old).status_code == 401


def test_made_up_key_ids_make_no_traffic(issuer, registered):
    assert asked(issuer.token()).status_code == 200
    for n in range(20):
        refused_as_invalid(asked(issuer.token(header={"kid": f"guess-{n}"})))
        issuer_keys.forget()  # another process: it knows nothing itself, but shares the interval and the keys

    assert issuer.asked["/certs"] == 1
    assert asked(issuer.token()).status_code == 200
    assert issuer.asked["/certs"] == 1


def test_many_first_tokens_at_once_fetch_once(issuer):
    found = []

    def ask():
        found.append(issuer_keys.key_of(issuer.url, issuer.key.kid))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert [key.kid for key in found] == [issuer.key.kid] * 8
    assert issuer.asked["/certs"] == 1


def test_an_issuer_that_is_down_stops_nobody_it_was_known_to(issuer, registered, settings):
    assert asked(issuer.token()).status_code == 200
    issuer.broken = True
    settings.OAUTH_KEYS_SECONDS = settings.OAUTH_REFETCH_SECONDS = 0

    assert asked(issuer.token()).status_code == 200

    settings.OAUTH_STALE_SECONDS = 0
    answer = asked(issuer.token())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_an_issuer_that_never_answered_is_a_503(issuer, registered):
    issuer.broken = True

    assert asked(issuer.token()).status_code == 503


KEY_SETS = {
    "shared secret": [OctKey.generate_key(256, {"kid": "a"}).as_dict(private=True)],
    "short RSA": [RSAKey.generate_key(1024, {"kid": "a"}).as_dict(private=False)],
    "another curve": [ECKey.generate_key("P-384", {"kid": "a"}).as_dict(private=False)],
    "for encryption": [RSAKey.generate_key(2048, {"kid": "a", "use": "enc"}).as_dict(private=False)],
    "broken": [{"kty": "RSA", "kid": "a", "n": "!", "e": ""}, {"kty": "RSA", "kid": ["a"]}, "a", None],
    "none": [],
}


@pytest.mark.parametrize("published", KEY_SETS.values(), ids=KEY_SETS)
def test_a_key_set_without_a_usable_key_is_not_taken(issuer, published):
    issuer.published = published

    with pytest.raises(issuer_document.CannotFetch):
        issuer_document.fetch(f"{issuer.url}/certs")


def test_one_broken_key_does_not_hide_the_sound_one_and_no_private_part_is_kept(issuer):
    issuer.published = [*KEY_SETS["broken"], issuer.key.as_dict(private=True)]

    rows = issuer_document.fetch(f"{issuer.url}/certs")

    assert [row["kid"] for row in rows] == [issuer.key.kid]
    assert "d" not in rows[0]


def test_a_key_set_too_large_or_elsewhere_is_not_read(issuer, monkeypatch):
    monkeypatch.setattr(issuer_document, "MOST_BYTES", 100)
    with pytest.raises(issuer_document.CannotFetch):
        issuer_document.fetch(f"{issuer.url}/certs")
    with pytest.raises(issuer_document.CannotFetch):
        issuer_document.fetch("http://127.0.0.1:1/certs")


def test_what_was_refused_is_written_down_for_the_client_that_can_be_proven(issuer, registered):
    asked(issuer.token(aud="https://elsewhere.example"))
    asked(issuer.token(key=RSAKey.generate_key(2048, {"kid": issuer.key.kid})))
    asked("a.b.c")

    key_use.write_down()

    kept = records.model("default", "AuditEntry")._default_manager.filter(action="token.refused")
    assert sorted((row.actor, row.municipality_code, row.after["count"], row.after["reason"]) for row in kept) == [
        ("client:account-holder-gm0363", "GM0363", 1, "audience"),
        ("client:unknown", "", 1, "malformed"),
        ("client:unknown", "", 1, "signature"),
    ]


def test_when_tokens_were_last_used_is_written_by_a_task(issuer, registered):
    asked(issuer.token())
    before = OutsideIdentity.objects.get().last_used_at

    key_use.write_down()

    assert before is None
    assert OutsideIdentity.objects.get().last_used_at is not None


def test_a_name_that_was_taken_back_opens_nothing(issuer, registered):
    token, row = issuer.token(), registered.get(IDENTITIES).json()["results"][0]
    assert asked(token).status_code == 200

    gone = registered.delete(f"{IDENTITIES}/{row['id']}")

    assert (gone.status_code, asked(token).status_code) == (204, 401)


def test_a_name_belongs_to_one_client_and_to_an_allowed_issuer(issuer, registered):
    again = registered.post(IDENTITIES, {"issuer": issuer.url, "issuerClient": "client-a"}, format="json")
    odd = registered.post(IDENTITIES, {"issuer": "https://issuer.example", "issuerClient": "client-a"}, format="json")

    assert (again.status_code, odd.status_code) == (409, 400)
    assert odd.json()["errors"][0]["code"] == "unknown-issuer"


def test_the_subject_may_differ_from_the_client(issuer, registered):
    body = {"issuer": issuer.url, "issuerClient": "client-b", "subject": "service-account-b"}
    assert registered.post(IDENTITIES, body, format="json").status_code == 201

    assert asked(issuer.token(client_id=None, azp="client-b", sub="service-account-b")).status_code == 200
    assert asked(issuer.token(client_id="client-b", sub="client-b")).status_code == 401


def test_with_the_default_store_away_a_caller_known_a_moment_ago_goes_on(issuer, registered, monkeypatch):
    path = "/v1/observations?pageSize=1"
    assert asked(issuer.token(), path).status_code == 200
    monkeypatch.setattr(identities, "find", away)

    assert asked(issuer.token(), path).status_code == 200
    assert asked(issuer.token(exp=NOW - 600, iat=NOW - 900, nbf=None), path).status_code == 503


def away(*args):
    raise OperationalError("away")


def test_a_role_taken_is_forgotten_by_the_cache_too(
    issuer, registered, monkeypatch, django_capture_on_commit_callbacks
):
    assert asked(issuer.token()).status_code == 200
    row = RoleGrant.objects.get(client=Client.objects.get(code="account-holder-gm0363"))
    with django_capture_on_commit_callbacks(execute=True):
        registered.delete(f"/v1/api-clients/account-holder-gm0363/memberships/{row.pk}")
    monkeypatch.setattr(identities, "find", away)

    assert asked(issuer.token()).status_code == 503


def test_issuers_are_named_with_their_keys_over_https():
    pair = "https://a.example/realm https://a.example/certs"

    assert issuers([pair])["https://a.example/realm"].keys_url == "https://a.example/certs"
    for wrong in ("https://a.example", "a http://a.example/certs", "a https://user:word@a.example/", "a file:///etc/x"):
        with pytest.raises(BadIssuer):
            issuers([wrong])
