"""Everything that can be wrong with a report is said at once; hostile input is refused and leaves nothing."""

import pytest

from monitoring.models import Aggregate, AggregateMark, AuditEntry, IdempotencyRecord, OutcomeReport, Receipt
from tests.factories import outcomes


def codes(answer):
    assert answer.status_code == 400, answer.content
    return {(error["location"], error["code"]) for error in answer.json()["errors"]}


def nothing_is_stored():
    return not any(m.objects.exists() for m in (OutcomeReport, Receipt, AggregateMark, AuditEntry, Aggregate))


def test_every_fault_is_named_at_once(post):
    answer = post(
        {
            "offeringCode": "offering-a", "measure": "reach", "period": "2024-03", "areaCode": "WK036304",
            "counts": {"invited": 10, "started": 12, "completed": -1, "attendsStructurally": 2.5, "happy": 3},
            "explanation": "Bel Jan op 06-12345678", "colour": "blue",
        }
    )  # fmt: skip

    assert codes(answer) == {
        ("#/colour", "unknown-field"), ("#/period", "period-not-in-plan"), ("#/areaCode", "unknown-area"),
        ("#/counts/happy", "unknown-field"), ("#/counts/started", "part-exceeds-whole"),
        ("#/counts/completed", "negative"), ("#/counts/attendsStructurally", "not-whole"),
        ("#/explanation", "personal-data"),
    }  # fmt: skip
    started = next(e for e in answer.json()["errors"] if e["location"] == "#/counts/started")
    assert (started["value"], started["expected"]) == (12, 10)
    assert "hoger" in started["detail"]
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("change", "dutch", "english"),
    [
        ({"counts": {"invited": 10, "started": 12}}, "Gestart (12) kan niet hoger zijn dan Uitgenodigd (10).",
         "Started (12) cannot be higher than Invited (10)."),
        ({"counts": {"targetGroup": 10, "attendsStructurally": 11}},
         "Komt structureel (11) kan niet hoger zijn dan Doelgroep (10).",
         "Attends structurally (11) cannot be higher than Target group (10)."),
        ({"measure": "satisfaction", "counts": {"grade7": 5, "participants": 4}}, "de 4 deelnemers (Deelnemers)",
         "4 participants (Participants)"),
    ],
)  # fmt: skip
def test_parts_are_called_as_above_their_columns_or_in_english(partner, change, dutch, english):
    sent = outcomes.report(**change)

    told = [partner.post("/v1/outcome-reports", sent, format="json", HTTP_ACCEPT_LANGUAGE=language).json()["errors"]
            for language in ("nl", "en")]  # fmt: skip

    assert [dutch in told[0][0]["detail"], english in told[1][0]["detail"]] == [True, True], told


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"period": "2023-Q4"}, ("#/period", "offering-not-active")),
        ({"period": "2099-Q1"}, ("#/period", "period-in-future")),
        ({"period": "kwartaal 1"}, ("#/period", "not-a-period")),
        ({"measure": "no-show", "counts": {"appointments": 5}}, ("#/measure", "measure-does-not-fit")),
        ({"measure": "happiness"}, ("#/measure", "unknown-measure")),
        ({"areaCode": "NL00"}, ("#/areaCode", "unknown-area")),
        ({"counts": {}}, ("#/counts", "required")),
        ({"counts": {"started": None}}, ("#/counts", "required")),
        ({"counts": {"started": 5, "happy": None}}, ("#/counts/happy", "unknown-field")),
        ({"measure": "satisfaction", "counts": {"grade7": 5, "participants": 4}},
         ("#/counts/participants", "distribution-exceeds-participants")),
        ({"measure": "satisfaction", "counts": {"grade7": 5, "grade8": None}},
         ("#/counts/grade8", "incomplete-distribution")),
        ({"counts": {"targetGroup": 10, "attendsStructurally": 11}},
         ("#/counts/attendsStructurally", "part-exceeds-whole")),
        ({"counts": {"started": 10_000_001}}, ("#/counts/started", "too-large")),
        ({"explanation": "x" * 10_000}, ("#/explanation", "too-long")),
        ({"explanation": "a\u0000b"}, ("#/explanation", "unprintable")),
    ],
)  # fmt: skip
def test_one_fault_is_named(post, change, fault):
    assert fault in codes(post(**change))
    assert nothing_is_stored()


def test_a_foreign_offering_is_as_unknown_as_one_that_is_not_there(post):
    outcomes.offering("offering-b", organisationCode="org-b")

    foreign, missing = (
        post(offeringCode="offering-b").json()["errors"],
        post(offeringCode="offering-x").json()["errors"],
    )

    assert [{**e, "value": None} for e in foreign] == [{**e, "value": None} for e in missing]
    assert [e["code"] for e in foreign] == ["unknown-offering"]


def test_an_offering_of_the_same_organisation_in_another_city_is_unknown(post):
    outcomes.offering("offering-elsewhere", municipalityCode="GM9002")

    assert ("#/offeringCode", "unknown-offering") in codes(post(offeringCode="offering-elsewhere"))


@pytest.mark.parametrize(
    "text",
    ["BSN 111222333", "111.222.333", "jan@example.org", "06 12345678", "+31 20 123 45 67", "geboren 3 mei 2011",
     "12-03-2009", "１１１２２２３３３", "jan\u200b@example.org"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["explanation", "externalId"])
def test_personal_data_are_refused_and_never_repeated(post, field, text):
    answer = post(**{field: text})

    assert codes(answer) & {(f"#/{field}", "personal-data"), (f"#/{field}", "unprintable")}
    assert text not in answer.content.decode()
    assert nothing_is_stored() and not IdempotencyRecord.objects.exists()


def test_a_full_date_in_an_own_id_is_refused_with_what_is_taken(post):
    answer = post(externalId="MEE-2026-07-01")

    assert codes(answer) == {("#/externalId", "personal-data")}
    assert "2026-Q3 mag wel" in answer.json()["errors"][0]["detail"]
    assert "MEE" not in answer.content.decode()


@pytest.mark.parametrize("own_id", ["MEE-2026-07", "MEE-2026-Q3", "2026-0001", "MEE/2026/3"])
def test_a_month_a_quarter_or_a_number_in_an_own_id_is_taken(post, own_id):
    assert post(externalId=own_id).status_code == 201


@pytest.mark.parametrize("text", ["Eerste regel\r\nTweede regel", "Ruim 10\u00a0% meer", "1\u202f200 bezoekers"])
def test_a_text_may_come_from_a_word_processor(post, text):
    assert post(explanation=text).status_code == 201
    assert OutcomeReport.objects.get().explanation == text


@pytest.mark.parametrize("text", ["06\u00a012345678", "111\u00a0222\u00a0333", "3\u00a0mei\u00a02011"])
def test_such_spaces_hide_no_personal_data(post, text):
    assert ("#/explanation", "personal-data") in codes(post(explanation=text))
    assert nothing_is_stored()


def test_personal_data_are_not_repeated_from_any_field(post):
    secrets = ["111222333", "jan@example.org"]
    sent = dict.fromkeys(("offeringCode", "measure", "period", "areaCode", "jan@example.org"), secrets[1])

    answer = post({**sent, "counts": {"started": 111222333, "jan@example.org": 1, "invited": "111222333"}})

    assert answer.status_code == 400
    assert not [s for s in secrets if s in answer.content.decode()]


@pytest.mark.parametrize("text", ["", "In maart 2025 startten er 30 van de 45, in 2024-2025 samen 123.", "12,5 % meer"])
def test_plain_figures_in_an_explanation_are_welcome(post, text):
    assert post(explanation=text).status_code == 201


HOSTILE = [None, 0, "", [], {}, True, 1e308, -1, 2**63, 2**64 - 1, "x" * 10_000, [[[[]]]], {"a": {"b": {"c": []}}},
           "\u0000", "NaN", ["WK900101"], {"$gt": 0}, "'; DROP TABLE x; --", "\ud7ff\U0001f4a9", "1/2", "9999-Q4",
           "0000", "0001-01-01/9999-12-31"]  # fmt: skip


@pytest.mark.parametrize(
    "field", ["offeringCode", "measure", "period", "areaCode", "counts", "externalId", "explanation"]
)
def test_hostile_values_never_break_the_service(post, field):
    for value in HOSTILE:
        answer = post(**{field: value})

        if answer.status_code != 400:
            assert answer.status_code in (200, 201) and field in ("externalId", "explanation"), (field, value)
        else:
            assert all(len(str(error)) < 1500 for error in answer.json()["errors"])


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_counts_and_bodies_never_break_the_service(post, value):
    assert post(counts={"started": value}).status_code in ((200, 201) if value == 0 else (400,))
    assert post(counts={str(value)[:200]: 1}).status_code == 400
    assert post(body=[value]).status_code == 400
    assert post(body={"counts": value}).status_code == 400


@pytest.mark.parametrize("body", ["", "{", "[1", "NaN", '{"counts": {"started": NaN}}', "[" * 5000, '"text"', "\xff"])
def test_unreadable_bodies_are_refused(partner, body):
    answer = partner.generic("POST", "/v1/outcome-reports", body.encode("latin-1"), content_type="application/json")

    assert answer.status_code == 400
    assert nothing_is_stored()
