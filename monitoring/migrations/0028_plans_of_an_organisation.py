from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0027_codes_as_they_are")]

    operations = [
        migrations.AddIndex(
            "measurementplan",
            models.Index(fields=["municipality_code", "organisation_code"], name="measurement_plan_owner"),
        ),
    ]
