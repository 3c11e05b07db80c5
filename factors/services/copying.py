"""All rows of one version once more, under another: five statements, whatever the size."""

# ruff: noqa: S608 - only names of our own tables and columns are put into statements; values are parameters

from django.db import connections

from factors.models import (
    ModelVersion,
    VersionEvidence,
    VersionFactor,
    VersionGoal,
    VersionPart,
    VersionRelation,
    VersionSource,
)

COUNTED_ANEW = {"id", "version", "row"}
RELATIONS = VersionRelation._meta.db_table


def copy_rows(*, origin: ModelVersion, version: ModelVersion) -> None:
    """Everything that `origin` says, into a version without rows; each row begins to count its changes anew."""
    with connections["default"].cursor() as cursor:
        for kind in (VersionFactor, VersionGoal, VersionSource, VersionRelation):
            names = ", ".join(_columns(kind))
            rows = f"SELECT %s, 1, {names} FROM {kind._meta.db_table} WHERE version_id = %s"
            cursor.execute(f"INSERT INTO {kind._meta.db_table} (version_id, row, {names}) {rows}",
                           [version.pk, origin.pk])  # fmt: skip
        cursor.execute(_evidence(), [version.pk, version.pk, origin.pk])


def _evidence() -> str:
    """Findings hang on the copies of their pairs, which the ordered pair of codes finds again."""
    names = [name for name in _columns(VersionEvidence) if name != "relation_id"]
    return f"""
        INSERT INTO {VersionEvidence._meta.db_table} (version_id, row, relation_id, {", ".join(names)})
        SELECT %s, 1, copied.id, {", ".join(f"finding.{name}" for name in names)}
        FROM {VersionEvidence._meta.db_table} AS finding
        JOIN {RELATIONS} AS pair ON pair.id = finding.relation_id
        JOIN {RELATIONS} AS copied ON copied.version_id = %s
            AND (copied.from_code, copied.to_kind, copied.to_code) = (pair.from_code, pair.to_kind, pair.to_code)
        WHERE finding.version_id = %s
    """


def _columns(kind: type[VersionPart]) -> list[str]:
    return [str(field.column) for field in kind._meta.concrete_fields if field.name not in COUNTED_ANEW]
