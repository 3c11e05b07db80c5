"""What is published stays as it is, whoever asks: triggers refuse, also for SQL from the app role and for the owner.

A version is inserted as a draft, filled, and then published; from then on nothing below it is added, changed or removed,
and of the version itself only a withdrawal can be noted, once. Snapshots of rankings are never changed or removed.
The share lock on the version makes a publication wait for who is still writing in the draft, and the other way round.
"""

from django.db import migrations

PARTS = ["versionfactor", "versiongoal", "versionsource", "versionrelation", "versionevidence"]

REFUSE = """
CREATE FUNCTION factors_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

PART_FROZEN = """
CREATE FUNCTION factors_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    state text;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END
    LOOP
        SELECT status INTO state FROM factors_modelversion WHERE id = touched FOR SHARE;
        IF state IS DISTINCT FROM 'draft' THEN
            RAISE EXCEPTION 'model version % is published: % cannot change', touched, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

VERSION_FROZEN = """
CREATE FUNCTION factors_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected factors_modelversion;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a model version begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'withdrawn' THEN
        expected := OLD;
        expected.status := NEW.status;
        expected.withdrawn_at := NEW.withdrawn_at;
        expected.withdrawal_reason := NEW.withdrawal_reason;
        IF NEW IS NOT DISTINCT FROM expected THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'model version % is published: it can only be withdrawn', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

VERSION_TRIGGER = """
CREATE TRIGGER factors_version_frozen BEFORE INSERT OR UPDATE OR DELETE ON factors_modelversion
    FOR EACH ROW EXECUTE FUNCTION factors_version_frozen();
CREATE TRIGGER factors_snapshot_frozen BEFORE UPDATE OR DELETE ON factors_rankingsnapshot
    FOR EACH ROW EXECUTE FUNCTION factors_refuse_change();
"""


def part_trigger(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER factors_{table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON factors_{table} "
        "FOR EACH ROW EXECUTE FUNCTION factors_part_frozen()",
        f"DROP TRIGGER factors_{table}_frozen ON factors_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("factors", "0002_effects_per_unit_and_problems")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION factors_refuse_change()"),
        migrations.RunSQL(PART_FROZEN, "DROP FUNCTION factors_part_frozen()"),
        migrations.RunSQL(VERSION_FROZEN, "DROP FUNCTION factors_version_frozen()"),
        migrations.RunSQL(
            VERSION_TRIGGER,
            "DROP TRIGGER factors_version_frozen ON factors_modelversion; "
            "DROP TRIGGER factors_snapshot_frozen ON factors_rankingsnapshot",
        ),
        *(part_trigger(table) for table in PARTS),
    ]
