"""Row-level security decides for workers, who see everything, once per statement; for others without making an array.

The policies show the same rows as before (tests/access/test_wall.py holds them to that). The planner used to expect one
row in two hundred behind them; now it expects what is there.
"""

from django.db import migrations

BOTH = ("outcomereport", "outcomereporthistory", "receipt", "aggregate", "measurementplan", "correctioneffect")
OF_PARTNERS = {table: ["municipality_code", "municipality_code || '/' || organisation_code"] for table in BOTH}
TABLES = OF_PARTNERS | {"releasebasis": ["municipality_code"]}

REACH = "string_to_array(current_setting('factorenmodel.reach', true), ',')"
ALTER = "ALTER POLICY within_reach ON monitoring_{table} USING ({condition})"


def looking_once(names: list[str]) -> str:
    """Within reach: everything, or one of the names by which a row is known. Sub-selects are evaluated once."""
    return " OR ".join([
        f"(SELECT '*' = ANY ({REACH}))",
        *(f"({name})::text = ANY ((SELECT {REACH})::text[])" for name in names),
    ])  # fmt: skip


def looking_at_each_row(names: list[str]) -> str:
    return f"(SELECT {REACH}) && ARRAY['*', {', '.join(f'({name})::text' for name in names)}]"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0024_aggregates_are_what_they_are_about")]

    operations = [
        migrations.RunSQL(
            ALTER.format(table=table, condition=looking_once(names)),
            ALTER.format(table=table, condition=looking_at_each_row(names)),
        )
        for table, names in TABLES.items()
    ]
