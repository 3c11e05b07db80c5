"""What ratios divide: sums over the reports that know part and whole (docs/adr/0021)."""

import django.contrib.postgres.fields
from django.db import migrations, models

ArrayField = django.contrib.postgres.fields.ArrayField


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0020_names_for_people")]

    operations = [
        migrations.AddField(
            model_name="aggregate",
            name="paired",
            field=ArrayField(base_field=models.BigIntegerField(null=True), null=True, size=None),
        ),
        migrations.AddField(
            model_name="releasedcell",
            name="unpaired",
            field=ArrayField(base_field=models.CharField(max_length=40), default=list, size=None),
        ),
    ]
