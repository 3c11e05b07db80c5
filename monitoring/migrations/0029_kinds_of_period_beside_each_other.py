from django.db import migrations, models

ALIKE = ["municipality_code", "measure", "period_start", "offering_code"]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0028_plans_of_an_organisation")]

    operations = [
        migrations.RemoveIndex("outcomereport", "report_cell"),
        migrations.AddIndex("outcomereport", models.Index(fields=[*ALIKE, "period_kind"], name="report_cell")),
    ]
