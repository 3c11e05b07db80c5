"""What is published stays as it is, also for SQL from the app role (DOMAIN.md §1)."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import AuditEntry, Outbox
from config.errors import Conflict, Refusal
from factors.canonical import checksum
from factors.evidence import Record
from factors.models import ModelVersion, RankingMark, RankingSnapshot, VersionFactor
from factors.ranking import parameter_set
from factors.ranking.model import Selection
from factors.services.rankings import Wish, snapshot_of
from factors.services.versions import publish_version
from tests.factories import factors as factory
from tests.factors import golden

pytestmark = pytest.mark.usefixtures("stores")
PARTS = ["versionfactor", "versiongoal", "versionsource", "versionrelation", "versionevidence"]


@pytest.fixture
def version():
    return factory.published(golden.MODEL)


def execute(statement, *values):
    """As the app role, around the ORM."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement, *values):
    with pytest.raises(IntegrityError, match=r"published|never changed|begins as a draft"):
        execute(statement, *values)


def test_the_app_role_owns_nothing_it_could_switch_off():
    with pytest.raises(DatabaseError, match="must be owner"):
        execute("ALTER TABLE factors_versionfactor DISABLE TRIGGER ALL")
    with pytest.raises(DatabaseError, match="permission denied"):
        execute("TRUNCATE factors_versionevidence")


@pytest.mark.parametrize("part", PARTS)
def test_nothing_below_a_published_version_is_changed_removed_or_moved(version, part):
    draft = factory.draft(golden.MODEL, code="other")

    refused(f"UPDATE factors_{part} SET row = row + 1 WHERE version_id = %s", version.pk)  # noqa: S608
    refused(f"DELETE FROM factors_{part} WHERE version_id = %s", version.pk)  # noqa: S608
    refused(f"UPDATE factors_{part} SET version_id = %s WHERE version_id = %s", draft.pk, version.pk)  # noqa: S608


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_added_to_a_published_version(version, part):
    draft = factory.draft(golden.MODEL, code="other")

    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [f"factors_{part}"])
        columns = [name for (name,) in cursor.fetchall() if name not in {"id", "version_id"}]
    copied = ", ".join(columns)
    refused(
        f"INSERT INTO factors_{part} (version_id, {copied}) SELECT %s, {copied} FROM factors_{part} "  # noqa: S608
        "WHERE version_id = %s",
        version.pk,
        draft.pk,
    )


def test_the_orm_is_refused_as_well(version):
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactor.objects.filter(version=version).update(name_nl="anders")
    with pytest.raises(IntegrityError), transaction.atomic():
        version.factors.first().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactor.objects.create(version=version, code="new", name_nl="n", name_en="n", kind="risk")


@pytest.mark.parametrize("change", ["checksum = 'x'", "version = '9.9.9'", "status = 'draft'", "changelog = 'x'"])
def test_a_published_version_itself_is_not_changed(version, change):
    refused(f"UPDATE factors_modelversion SET {change} WHERE id = %s", version.pk)  # noqa: S608
    refused(f"UPDATE factors_modelversion SET status = 'withdrawn', {change.replace('status', 'adopted_from')} "  # noqa: S608
            "WHERE id = %s", version.pk)  # fmt: skip


def test_a_version_is_withdrawn_once_and_never_removed(version):
    changes = "status = 'withdrawn', withdrawn_at = now(), withdrawal_reason = %s"
    withdraw = f"UPDATE factors_modelversion SET {changes} WHERE id = %s"  # noqa: S608

    execute(withdraw, "superseded", version.pk)

    version.refresh_from_db()
    assert (version.status, version.withdrawal_reason) == ("withdrawn", "superseded")
    refused(withdraw, "another reason", version.pk)
    refused("UPDATE factors_modelversion SET status = 'published' WHERE id = %s", version.pk)
    refused("DELETE FROM factors_modelversion WHERE id = %s", version.pk)
    refused("UPDATE factors_versionfactor SET name_nl = 'x' WHERE version_id = %s", version.pk)


def test_no_version_begins_as_published(version):
    refused("INSERT INTO factors_modelversion "
            "(model_id, version, status, checksum, changelog, withdrawal_reason, adopted_from) "
            "VALUES ('small', '2.0.0', 'published', '', '', '', '')")  # fmt: skip


def test_a_draft_can_change_and_be_removed():
    draft = factory.draft(golden.MODEL)

    execute("UPDATE factors_versionfactor SET name_nl = 'anders' WHERE version_id = %s", draft.pk)
    draft.factors.filter(code="isolated").delete()
    assert draft.factors.filter(name_nl="anders").count() == len(golden.FACTORS) - 1
    draft.delete()

    assert not VersionFactor.objects.filter(version_id=draft.pk).exists()


def test_a_snapshot_is_never_changed_or_removed(version):
    wish = Wish(version, parameter_set("rip-2019", "published"), Selection())
    snapshot, _new = snapshot_of(wish=wish)

    with pytest.raises(DatabaseError, match="permission denied"):
        execute("UPDATE factors_rankingsnapshot SET result = '{}' WHERE id = %s", snapshot.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        RankingSnapshot.objects.filter(pk=snapshot.pk).delete()


def test_publishing_sets_the_checksum_and_tells_the_others():
    version = factory.published(golden.MODEL)

    assert version.checksum == checksum(factory.content(golden.MODEL))
    event = Outbox.objects.filter(kind="model-version.published").latest("id")
    assert event.payload == {"modelCode": "small", "version": "1.0.0", "checksum": version.checksum}
    assert AuditEntry.objects.filter(action="publish", resource_code="small/1.0.0").exists()


def test_publishing_marks_the_definitions_that_follow_the_model_and_no_others():
    follows = factory.definition("follows")
    factory.definition("stays", model_version="1.0.0")
    factory.definition("elsewhere", model_code="other")
    RankingMark.objects.all().delete()

    factory.published(golden.MODEL)

    assert list(RankingMark.objects.values_list("definition_id", "reason")) == [
        (follows.pk, "model-version.published"),
    ]


def test_the_same_version_is_not_published_twice(version):
    with pytest.raises(Conflict):
        publish_version(version=version, number="2.0.0", at=factory.PUBLISHED_AT)


@pytest.mark.parametrize("number", ["1.0.0", "0.9.9", "2", "v2.0.0", "2.0.0-draft", ""])
def test_a_number_must_be_semantic_and_higher_than_the_last(version, number):
    draft = factory.draft(golden.MODEL)

    with pytest.raises(Refusal) as refusal:
        publish_version(version=draft, number=number, at=factory.PUBLISHED_AT)

    assert refusal.value.faults[0].location == "#/version"
    assert refusal.value.faults[0].expected == "1.1.0"
    assert ModelVersion.objects.get(pk=draft.pk).status == "draft"


def test_content_that_cannot_be_ranked_is_not_published():
    impossible = replace(
        golden.MODEL, records=(Record("skills", "school", "+", "meta-analysis", measure="OR", effect=-2.0),)
    )
    draft = factory.draft(impossible)

    with pytest.raises(Refusal):
        publish_version(version=draft, number="1.0.0", at=factory.PUBLISHED_AT)

    assert ModelVersion.objects.get(pk=draft.pk).status == "draft"
