from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0022_one_entry_for_many_things")]

    operations = [
        migrations.AddField(
            "aggregatemark", "area_codes", ArrayField(models.CharField(max_length=100), default=list), preserve_default=False
        ),
        migrations.RunSQL("UPDATE monitoring_aggregatemark SET area_codes = ARRAY[area_code]", migrations.RunSQL.noop),
        migrations.RemoveField("aggregatemark", "area_code"),
    ]
