from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0021_pairs_of_ratios")]

    operations = [
        migrations.AddField("auditentry", "codes", ArrayField(models.TextField(), null=True)),
        migrations.AddField("auditentry", "details", models.TextField(null=True)),
        migrations.RunSQL("ALTER TABLE monitoring_auditentry ALTER COLUMN details SET STORAGE EXTERNAL", migrations.RunSQL.noop),
        migrations.AddIndex(
            "auditentry",
            GinIndex(fields=["codes"], condition=models.Q(codes__isnull=False), name="monitoring_audit_codes"),
        ),
    ]
