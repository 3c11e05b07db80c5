"""Rows of a receipt are kept as the text that is sent, not taken apart and not compressed: both cost more than space."""

from django.db import migrations, models

AS_TEXT = """
UPDATE monitoring_receipt SET held_back_count =
    (SELECT count(*) FROM jsonb_array_elements(rows) AS row WHERE row ->> 'outcome' = 'held-back');
ALTER TABLE monitoring_receipt ALTER COLUMN rows TYPE text USING rows::text;
ALTER TABLE monitoring_receipt ALTER COLUMN rows SET STORAGE EXTERNAL;
"""
BACK = "ALTER TABLE monitoring_receipt ALTER COLUMN rows TYPE jsonb USING rows::jsonb;"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0016_area_boxes")]

    operations = [
        migrations.AddField("receipt", "held_back_count", models.PositiveIntegerField(default=0)),
        migrations.RunSQL(
            AS_TEXT, BACK, state_operations=[migrations.AlterField("receipt", "rows", models.TextField())]
        ),
    ]
