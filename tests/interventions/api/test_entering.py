"""Writing organisations, interventions, offerings and agreements over the API."""

import pytest

from accounts.models import AuditEntry, Municipality, Outbox, RoleGrant
from interventions.models import Agreement, Intervention, Offering
from tests.factories import interventions as make

pytestmark = pytest.mark.usefixtures("city")
OFFERING = {
    "code": "new-offering", "name": "Nieuw aanbod", "municipalityCode": "GM0363", "organisationCode": "org-a",
    "interventionCode": "method-a", "serviceType": "contact-moments", "areaCodes": ["WK036300"],
    "startsOn": "2024-01-01", "intendedReach": 40,
}  # fmt: skip
AGREEMENT = {
    "code": "new-agreement", "municipalityCode": "GM0363", "offeringCode": "offering-a", "amount": 1200.5,
    "validFrom": "2024-01-01", "validUntil": "2025-01-01", "quality": "Geschoold",
}  # fmt: skip
METHOD = {
    "code": "new-method", "nameNl": "Nieuwe aanpak", "nameEn": "New approach", "kind": "method",
    "domainCodes": ["work"], "lifePhases": ["adulthood"],
    "factors": [{"factorCode": "debt", "direction": "reduce", "basis": "databank"}],
    "recognitions": [{"level": 3, "databaseCode": "youth-nji", "validFrom": "2024-01-01"}],
}  # fmt: skip


@pytest.fixture
def holder(client_with):
    return client_with("account-holder")


@pytest.fixture
def known(city):
    make.organisation()
    make.intervention()


def post(client, place: str, body: dict, **headers):
    return client.post(f"/v1/{place}", body, format="json", **headers)


def change(client, verb: str, path: str, body: dict, etag: str | None = None):
    tag = etag or client.get(path)["ETag"]
    return client.generic(verb, path, *_json(body), HTTP_IF_MATCH=tag)


def _json(body: dict) -> tuple:
    import orjson

    return orjson.dumps(body), "application/json"


def faults(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    return [(one["location"], one["code"]) for one in answer.json()["errors"]]


def test_an_offering_is_made_announced_and_audited(holder, known):
    answer = post(holder, "offerings", OFFERING)

    assert (answer.status_code, answer["Location"]) == (201, "/v1/offerings/new-offering")
    assert answer.json()["intendedReach"] == 40
    assert Outbox.objects.filter(kind="offering.changed", payload__offeringCode="new-offering").count() == 1
    entry = AuditEntry.objects.get(resource="offerings", resource_code="new-offering")
    assert (entry.action, entry.municipality_code) == ("created", "GM0363")
    assert holder.get("/v1/offerings/new-offering")["ETag"] == answer["ETag"]


@pytest.mark.parametrize("slip", ["0202-01-01", "9999-12-31"])
def test_a_day_outside_this_time_is_a_slip_of_the_pen(holder, known, slip):
    wrong = OFFERING | {"startsOn": slip, "endsOn": slip}

    assert set(faults(post(holder, "offerings", wrong))) == {
        ("#/startsOn", "out-of-range"),
        ("#/endsOn", "out-of-range"),
    }


def test_a_number_of_an_account_holder_is_no_mail_address(holder, known):
    post(holder, "offerings", OFFERING)
    agreement = {"code": "new-agreement", "municipalityCode": "GM0363", "offeringCode": "new-offering",
                 "validFrom": "2024-01-01", "accountHolder": "jan@stad.example",
                 "quality": "Bel 06-12345678"}  # fmt: skip

    assert set(faults(post(holder, "agreements", agreement))) == {
        ("#/accountHolder", "personal-data"), ("#/quality", "personal-data")}  # fmt: skip


def test_a_key_that_nobody_knows_is_refused_inside_too(holder):
    wrong = METHOD | {
        "factors": [{"factorCode": "debt", "basis": "x", "colour": "red"}],
        "recognitions": [{"level": 3, "validFrom": "2024-01-01", "until": "2025-01-01"}],
    }

    assert {("#/factors/0/colour", "unknown-key"), ("#/recognitions/0/until", "unknown-key")} <= set(
        faults(post(holder, "interventions", wrong)))  # fmt: skip


def test_every_fault_is_told_at_once(holder, known):
    wrong = OFFERING | {"organisationCode": "nobody", "areaCodes": ["WK036300", "WK999999"], "endsOn": "2023-01-01",
                        "intendedReach": -1, "colour": "red", "name": None}  # fmt: skip

    assert set(faults(post(holder, "offerings", wrong))) == {
        ("#/organisationCode", "unknown-code"),
        ("#/areaCodes/1", "unknown-area"),
        ("#/endsOn", "ends-before-start"),
        ("#/intendedReach", "min-value"),
        ("#/colour", "unknown-key"),
        ("#/name", "null"),
    }
    assert not Offering.objects.filter(code="new-offering").exists()


def test_the_same_key_makes_one_offering_and_another_body_is_refused(holder, known):
    first = post(holder, "offerings", OFFERING, HTTP_IDEMPOTENCY_KEY="once")
    again = post(holder, "offerings", OFFERING, HTTP_IDEMPOTENCY_KEY="once")
    other = post(holder, "offerings", OFFERING | {"name": "Anders"}, HTTP_IDEMPOTENCY_KEY="once")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again["Idempotent-Replayed"] == "true"
    assert AuditEntry.objects.filter(resource="offerings").count() == 1


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_an_offering_stays_with_who_offers_it_and_with_its_city(holder, known, verb):
    """What was delivered of it is theirs: another organisation could neither see nor correct it."""
    make.organisation("org-b")
    elsewhere, _new = Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})
    RoleGrant.objects.create(client=RoleGrant.objects.get().client, role="account-holder", municipality=elsewhere)
    post(holder, "offerings", OFFERING)
    moved = {"organisationCode": "org-b", "municipalityCode": "GM0599"}
    body = OFFERING | moved if verb == "PUT" else moved

    answer = change(holder, verb, "/v1/offerings/new-offering", body)

    assert {("#/organisationCode", "cannot-move"), ("#/municipalityCode", "cannot-move")} <= set(faults(answer))
    assert [one["expected"] for one in answer.json()["errors"] if one["code"] == "cannot-move"] == ["org-a", "GM0363"]
    stored = Offering.objects.get(code="new-offering")
    assert (stored.organisation_id, stored.municipality_code) == ("org-a", "GM0363")


def test_a_code_in_use_is_a_conflict(holder, known):
    post(holder, "offerings", OFFERING)

    answer = post(holder, "offerings", OFFERING)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "already-exists")


def test_a_change_wants_the_state_its_maker_saw(holder, known):
    make.offering()
    path = "/v1/offerings/offering-a"
    seen = holder.get(path)["ETag"]

    assert holder.patch(path, {"dose": "8 keer"}, format="json").status_code == 428
    assert change(holder, "PATCH", path, {"dose": "8 keer"}, seen).json()["dose"] == "8 keer"
    assert change(holder, "PATCH", path, {"dose": "9 keer"}, seen).status_code == 412
    assert Offering.objects.get(code="offering-a").dose == "8 keer"


def test_an_etag_read_in_english_changes_the_same_thing(holder, known):
    make.offering()
    path = "/v1/offerings/offering-a"

    seen = holder.get(path, HTTP_ACCEPT_LANGUAGE="en")["ETag"]

    assert change(holder, "PATCH", path, {"dose": "8 keer"}, seen).status_code == 200


def test_patch_keeps_what_is_not_named_and_put_does_not(holder, known):
    make.offering(intended_reach=40, area_codes=["WK036300"])
    path = "/v1/offerings/offering-a"

    patched = change(holder, "PATCH", path, {"dose": "8 keer"}).json()
    replaced = change(holder, "PUT", path, {key: OFFERING[key] for key in OFFERING if key not in
                                            {"code", "intendedReach"}}).json()  # fmt: skip

    assert (patched["intendedReach"], patched["dose"], patched["areaCodes"]) == (40, "8 keer", ["WK036300"])
    assert (replaced["intendedReach"], replaced["dose"], replaced["name"]) == (None, None, "Nieuw aanbod")


def test_offerings_and_agreements_of_another_municipality_do_not_exist(holder, known):
    Municipality.objects.get_or_create(code="GM0599", defaults={"name": "Rotterdam"})
    make.offering("theirs", municipality_code="GM0599")
    make.agreement("their-agreement", municipality_code="GM0599", offering_id="theirs")
    tag = holder.get("/v1/offerings/theirs")["ETag"]

    assert change(holder, "PATCH", "/v1/offerings/theirs", {"dose": "x"}, tag).status_code == 404
    assert post(holder, "offerings", OFFERING | {"municipalityCode": "GM0599"}).status_code == 404
    assert holder.get("/v1/agreements/their-agreement").status_code == 404
    assert post(holder, "agreements", AGREEMENT | {"municipalityCode": "GM0599"}).status_code == 404
    assert faults(post(holder, "agreements", AGREEMENT | {"offeringCode": "theirs"})) == [
        ("#/offeringCode", "unknown-code")
    ]


def test_an_offering_cannot_be_moved_to_another_municipality(holder, known):
    make.offering()

    answer = change(holder, "PATCH", "/v1/offerings/offering-a", {"municipalityCode": "GM0599"})

    assert answer.status_code == 404
    assert Offering.objects.get(code="offering-a").municipality_code == "GM0363"


def test_an_agreement_is_made_and_its_quality_talked_over(holder, known):
    make.offering()

    made = post(holder, "agreements", AGREEMENT)
    after = change(holder, "PATCH", "/v1/agreements/new-agreement", {"qualityStatus": "kept"})

    assert (made.status_code, made.json()["qualityStatus"]) == (201, None)
    assert (after.status_code, after.json()["qualityStatus"], after.json()["amount"]) == (200, "kept", 1200.5)
    assert Agreement.objects.get(code="new-agreement").quality_nl == "Geschoold"
    assert [e["validUntil"] for e in Outbox.objects.latest("id").payload["agreements"]] == ["2025-01-01"]


def test_an_intervention_is_made_with_its_factors_and_its_ladder_levels(holder):
    answer = post(holder, "interventions", METHOD)

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert [one["factorCode"] for one in body["factors"]] == ["debt"]
    assert [one["effectLevel"]["level"] for one in body["recognitions"]] == [3]
    assert body["listed"] is True


def test_a_ladder_level_is_ended_and_its_history_stays(holder):
    post(holder, "interventions", METHOD)
    levels = [{"level": 3, "databaseCode": "youth-nji", "validFrom": "2024-01-01", "validUntil": "2024-06-01"}]

    answer = change(holder, "PATCH", "/v1/interventions/new-method", {"recognitions": levels}).json()

    assert (answer["listed"], answer["effectLevel"]) == (False, None)
    assert answer["recognitions"][0]["validUntil"] == "2024-06-01"
    assert answer["factors"][0]["factorCode"] == "debt"
    assert AuditEntry.objects.filter(resource="interventions", action="recognitions").count() == 2


def test_faults_in_factors_and_levels_are_told_by_place(holder):
    wrong = METHOD | {
        "domainCodes": ["luck"],
        "parentCode": "no-such-programme",
        "factors": [{"factorCode": "no-such-factor", "basis": "x"}],
        "recognitions": [{"level": 3, "databaseCode": "none", "validFrom": "2024-01-01", "validUntil": "2023-01-01"}],
    }

    assert set(faults(post(holder, "interventions", wrong))) == {
        ("#/domainCodes/0", "unknown-code"),
        ("#/parentCode", "unknown-code"),
        ("#/factors/0/factorCode", "unknown-code"),
        ("#/recognitions/0/databaseCode", "unknown-code"),
        ("#/recognitions/0/validUntil", "ends-before-start"),
    }
    assert not Intervention.objects.filter(code="new-method").exists()


def test_an_intervention_of_the_texts_can_be_changed_without_losing_what_is_not_shown(holder):
    path = "/v1/interventions/home-start"
    before = Intervention.objects.get(code="home-start")

    answer = change(holder, "PATCH", path, {"approach": "Huisbezoeken door vrijwilligers"})

    after = Intervention.objects.get(code="home-start")
    assert answer.status_code == 200, answer.content
    assert (after.approach_nl, after.themes, after.reported_results) == (
        "Huisbezoeken door vrijwilligers", before.themes, before.reported_results
    )  # fmt: skip


def test_an_organisation_is_made_and_changed(holder):
    made = post(holder, "organisations", {"code": "new-org", "name": "Nieuw", "identifierKind": "kvk",
                                          "identifier": "01234567"})  # fmt: skip
    after = change(holder, "PATCH", "/v1/organisations/new-org", {"name": "Nieuwer"})

    assert (made.status_code, after.json()["name"], after.json()["identifier"]) == (201, "Nieuwer", "01234567")


@pytest.mark.parametrize("role", ["partner", "dashboard", "area-adviser", "model-editor"])
def test_others_do_not_write(client_with, known, role):
    assert post(client_with(role, organisation="org-a"), "offerings", OFFERING).status_code == 403
