import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0013_cells_computed_in_sets")]

    operations = [
        migrations.CreateModel(
            name="AggregateCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("municipality_code", models.CharField(max_length=10)),
                ("checked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("cell_count", models.PositiveBigIntegerField()),
                ("differing_count", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["municipality_code", "-checked_at"], name="aggregate_check_newest")
                ],
            },
        ),
    ]
