"""Which offerings changed what they cover, and in which revision of their city."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interventions", "0005_files_of_documents")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE interventions_cover_revision", "DROP SEQUENCE interventions_cover_revision"
        ),
        migrations.CreateModel(
            name="CoverMark",
            fields=[
                ("offering_code", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("municipality_code", models.CharField(max_length=10)),
                ("revision", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["municipality_code", "revision"], name="cover_mark_of_city")],
            },
        ),
    ]
