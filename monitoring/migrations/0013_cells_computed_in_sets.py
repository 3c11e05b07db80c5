"""What computing cells in sets needs: goals of an offering, reports in the order of a cell, and an exact sum."""

import django.contrib.postgres.fields
from django.db import migrations, models

# sum(bigint) is numeric, which is slow and no bigint; this one adds bigints, skips unknowns and fails on overflow
TOTAL = """
CREATE AGGREGATE monitoring_total (bigint) (
    SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE
);
"""
NEW = ["offering_code", "measure", "area_code", "period_start", "period_kind"]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0012_bases_and_minimums_of_releases")]

    operations = [
        migrations.AddField(
            model_name="offeringfact",
            name="domain_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), default=list, size=None
            ),
        ),
        migrations.RemoveConstraint(model_name="outcomereport", name="outcome_report_once"),
        migrations.AddConstraint(
            model_name="outcomereport",
            constraint=models.UniqueConstraint(fields=NEW, name="outcome_report_once"),
        ),
        migrations.RunSQL(TOTAL, "DROP AGGREGATE monitoring_total (bigint)"),
    ]
