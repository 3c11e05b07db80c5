"""Editing a model through the API: own drafts only, nothing lost between two editors, what is published stays."""

import pytest

from accounts.models import AuditEntry
from factors.models import ModelVersion
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")
MODELS = "/v1/factor-models"
DRAFT = f"{MODELS}/mine/versions/draft"
SKILLS = {
    "code": "skills", "nameNl": "Vaardigheden", "nameEn": "Skills", "kind": "promotive", "lifeDomains": ["individual"],
    "lifePhases": ["adolescence"], "prevalence": 0.6,
}  # fmt: skip
WORK = {"code": "work", "nameNl": "Werk", "nameEn": "Work", "domainCode": "work"}
STUDY = {"code": "study", "title": "A study", "year": 2020, "doi": "10.1000/1"}
FINDING = {
    "code": "e1", "fromCode": "skills", "toCode": "work", "sign": "strengthens", "evidenceType": "meta-analysis",
    "sourceCode": "study", "effectMeasure": "r", "effectSize": 0.3, "intervalLow": 0.2, "intervalHigh": 0.4,
}  # fmt: skip


@pytest.fixture
def editor(client_with):
    return client_with("model-editor")


@pytest.fixture
def draft(editor):
    """A model of the editor's own with one factor, goal, source and finding in its draft, all through the API."""
    names = {"nameNl": "Ons model", "nameEn": "Our model", "municipalityCode": "GM0363"}
    made = [
        send(editor.post, MODELS, {"code": "mine", **names}),
        send(editor.post, f"{MODELS}/mine/versions", {}),
        send(editor.post, f"{DRAFT}/factors", SKILLS),
        send(editor.post, f"{DRAFT}/goals", WORK),
        send(editor.post, f"{DRAFT}/sources", STUDY),
        send(editor.post, f"{DRAFT}/evidence", FINDING),
    ]
    assert [answer.status_code for answer in made] == [201] * 6, [answer.json() for answer in made]
    return editor


def send(method, path, body=None, **headers):
    return method(path, body, format="json", **headers)


def etag(client, path):
    return client.get(path)["ETag"]


def codes(answer):
    return {(fault["location"], fault["code"]) for fault in answer.json()["errors"]}


def test_a_model_is_made_and_filled_row_by_row(draft):
    counts = draft.get(DRAFT).json()["counts"]
    pair = draft.get(f"{DRAFT}/relations/skills/work").json()

    assert counts == {"factors": 1, "goals": 1, "relations": 1, "evidence": 1, "sources": 1}
    assert pair["derived"]["sign"] == "strengthens"
    assert pair["derived"]["evidenceCodes"] == ["e1"]


def test_a_new_row_is_found_where_its_answer_says(draft):
    made = send(draft.post, f"{DRAFT}/factors", {**SKILLS, "code": "debts", "kind": "risk"})

    assert draft.get(made["Location"]).json() == made.json()
    assert draft.get(made["Location"])["ETag"] == made["ETag"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("factors/skills", {"definitionNl": "Wat je kunt"}), ("goals/work", {"nameNl": "Arbeid"}),
        ("sources/study", {"year": 2021}), ("relations/skills/work", {"descriptionNl": "Wie meer kan, werkt vaker"}),
        ("evidence/e1", {"effectSize": 0.25, "note": "table 2"}),
    ],
)  # fmt: skip
def test_every_kind_of_row_is_changed_and_its_tag_with_it(draft, path, change):
    before = etag(draft, f"{DRAFT}/{path}")
    answer = send(draft.patch, f"{DRAFT}/{path}", change, HTTP_IF_MATCH=before)

    assert answer.status_code == 200, answer.json()
    assert {key: draft.get(f"{DRAFT}/{path}").json()[key] for key in change} == change
    assert etag(draft, f"{DRAFT}/{path}") == answer["ETag"] != before


def test_a_change_needs_the_tag_of_what_was_read(draft):
    path, change = f"{DRAFT}/factors/skills", {"nameNl": "Anders"}
    read = etag(draft, path)

    assert send(draft.patch, path, change).status_code == 428
    assert send(draft.patch, path, change, HTTP_IF_MATCH=read).status_code == 200
    assert send(draft.patch, path, change, HTTP_IF_MATCH=read).status_code == 412
    assert send(draft.delete, path, HTTP_IF_MATCH=read).status_code == 412


def test_what_was_read_in_english_is_changed_in_dutch(draft):
    read = draft.get(f"{DRAFT}/factors/skills", HTTP_ACCEPT_LANGUAGE="en")
    answer = send(draft.patch, f"{DRAFT}/factors/skills", {"nameNl": "Anders"}, HTTP_IF_MATCH=read["ETag"])

    assert read["ETag"] != etag(draft, f"{DRAFT}/factors/skills")
    assert answer.status_code == 200


def test_put_replaces_a_row_and_forgets_what_is_not_said(draft):
    path = f"{DRAFT}/factors/skills"
    less = {key: SKILLS[key] for key in ("code", "nameNl", "nameEn", "kind")}

    answer = send(draft.put, path, less, HTTP_IF_MATCH=etag(draft, path))

    assert answer.json()["prevalence"] is None
    assert answer.json()["lifePhases"] == []


def test_what_others_rest_on_is_not_removed(draft):
    for path, user in (("factors/skills", "relations/skills/work"), ("goals/work", "relations/skills/work"),
                       ("sources/study", "evidence/e1"), ("relations/skills/work", "evidence/e1")):  # fmt: skip
        answer = send(draft.delete, f"{DRAFT}/{path}", HTTP_IF_MATCH=etag(draft, f"{DRAFT}/{path}"))

        assert answer.status_code == 409
        assert [fault["value"] for fault in answer.json()["errors"]] == [user]

    for path in ("evidence/e1", "relations/skills/work", "sources/study", "goals/work", "factors/skills"):
        assert send(draft.delete, f"{DRAFT}/{path}", HTTP_IF_MATCH=etag(draft, f"{DRAFT}/{path}")).status_code == 204
    assert set(draft.get(DRAFT).json()["counts"].values()) == {0}


def test_all_faults_of_a_row_are_told_at_once(draft):
    answer = send(draft.post, f"{DRAFT}/evidence", {
        **FINDING, "code": "E 2", "sign": "+", "effectSize": "0.3", "baselineRisk": 30, "evidenceType": "guess",
    })  # fmt: skip

    assert codes(answer) == {
        ("#/code", "invalid"), ("#/sign", "invalid-choice"), ("#/effectSize", "not-a-number"),
        ("#/baselineRisk", "max-value"), ("#/evidenceType", "invalid-choice"),
    }  # fmt: skip


def test_a_row_names_only_what_the_draft_has(draft):
    answer = send(draft.post, f"{DRAFT}/evidence", {
        **FINDING, "code": "e2", "fromCode": "x", "toCode": "y", "sourceCode": "z", "mirrorOf": "e9",
    })  # fmt: skip

    assert codes(answer) == {
        (place, "unknown-code") for place in ("#/fromCode", "#/toCode", "#/sourceCode", "#/mirrorOf")
    }


def test_a_code_is_given_once_also_over_factors_and_goals(draft):
    assert send(draft.post, f"{DRAFT}/factors", SKILLS).status_code == 409
    assert send(draft.post, f"{DRAFT}/goals", {**WORK, "code": "skills"}).status_code == 409
    assert send(draft.post, f"{MODELS}/mine/versions", {}).status_code == 409


def test_a_row_keeps_its_code(draft):
    path = f"{DRAFT}/factors/skills"
    answer = send(draft.patch, path, {"code": "abilities"}, HTTP_IF_MATCH=etag(draft, path))

    assert answer.status_code == 400


def test_the_same_post_twice_makes_one_row(draft):
    body = {**SKILLS, "code": "debts"}
    first, again = (send(draft.post, f"{DRAFT}/factors", body, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2))

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert draft.get(f"{DRAFT}/factors").json()["count"] == 2


def test_every_change_is_written_down(draft):
    path = f"{DRAFT}/factors/skills"
    send(draft.patch, path, {"nameNl": "Anders"}, HTTP_IF_MATCH=etag(draft, path))

    entry = AuditEntry.objects.filter(action="update").latest("id")
    assert entry.resource_code == "mine/draft/factors/skills"
    assert (entry.before["name_nl"], entry.after["name_nl"]) == ("Vaardigheden", "Anders")
    assert entry.municipality_code == "GM0363"


def test_another_city_finds_nothing_to_change(draft, client_with):
    other = client_with("model-editor", municipality="GM0599")

    assert send(other.patch, f"{DRAFT}/factors/skills", {"nameNl": "x"}, HTTP_IF_MATCH="*").status_code == 404
    assert send(other.post, f"{DRAFT}/factors", {**SKILLS, "code": "new"}).status_code == 404
    assert send(other.post, f"{DRAFT}/publication", {"version": "1.0.0", "changelog": "x"}).status_code == 404
    assert send(other.post, f"{MODELS}/public/versions", {}).status_code == 404
    names = {"code": "theirs", "nameNl": "x", "nameEn": "x", "municipalityCode": "GM0363"}
    assert send(other.post, MODELS, names).status_code == 404


def test_what_is_published_is_changed_by_nobody(draft):
    published = send(draft.post, f"{DRAFT}/publication", {"version": "1.0.0", "changelog": "Begin"})
    path = f"{MODELS}/mine/versions/1.0.0"

    assert published.status_code == 201
    assert published["Location"] == path
    assert published.json()["checksum"]
    assert send(draft.patch, f"{path}/factors/skills", {"nameNl": "x"}, HTTP_IF_MATCH="*").status_code == 409
    assert send(draft.post, f"{path}/goals", {**WORK, "code": "more"}).status_code == 409
    assert send(draft.delete, path, HTTP_IF_MATCH="*").status_code == 409
    assert draft.get(DRAFT).status_code == 404


def test_a_version_is_withdrawn_with_the_reason_and_stays_readable(draft, client_with):
    send(draft.post, f"{DRAFT}/publication", {"version": "1.0.0", "changelog": "Begin"})
    path = f"{MODELS}/mine/versions/1.0.0"

    first = send(draft.post, f"{path}/withdrawal", {"reason": "Fout in tabel 2"})
    again = send(draft.post, f"{path}/withdrawal", {"reason": "Nog eens"})
    seen = client_with().get(path).json()

    assert (first.status_code, again.status_code) == (201, 409)
    assert (seen["status"], seen["withdrawalReason"]) == ("withdrawn", "Fout in tabel 2")
    assert client_with().get(f"{MODELS}/mine/versions/latest").status_code == 404


def test_a_published_version_of_another_owner_is_adopted(draft):
    send(draft.delete, DRAFT, HTTP_IF_MATCH=etag(draft, DRAFT))
    answer = send(draft.post, f"{MODELS}/mine/versions", {"origin": {"modelCode": "public", "version": "latest"}})
    send(draft.post, f"{DRAFT}/publication", {"version": "1.0.0", "changelog": "Overgenomen"})

    mine = draft.get(f"{MODELS}/mine/versions/1.0.0").json()
    assert answer.json()["adoptedFrom"] == mine["adoptedFrom"] == "public/1.0.0"
    assert mine["checksum"] == draft.get(f"{MODELS}/public/versions/1.0.0").json()["checksum"]


def test_a_draft_of_another_city_is_not_adopted(draft):
    factory.draft(golden.MODEL, code="theirs", municipality="GM0599")
    send(draft.delete, DRAFT, HTTP_IF_MATCH="*")
    origin = {"modelCode": "theirs", "version": "draft"}

    assert send(draft.post, f"{MODELS}/mine/versions", {"origin": origin}).status_code == 404
    assert not ModelVersion.objects.filter(model_id="mine").exists()
