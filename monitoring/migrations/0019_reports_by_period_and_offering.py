from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0018_key_of_aggregates_in_order")]

    operations = [
        migrations.RemoveIndex("outcomereport", "report_cell"),
        migrations.AddIndex(
            "outcomereport",
            models.Index(fields=["municipality_code", "measure", "period_start", "offering_code"], name="report_cell"),
        ),
    ]
