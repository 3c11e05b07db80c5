from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_names_for_people")]

    operations = [
        migrations.AddField("auditentry", "codes", ArrayField(models.TextField(), null=True)),
        migrations.AddField("auditentry", "details", models.TextField(null=True)),
        migrations.RunSQL("ALTER TABLE accounts_auditentry ALTER COLUMN details SET STORAGE EXTERNAL", migrations.RunSQL.noop),
        migrations.AddIndex(
            "auditentry",
            GinIndex(fields=["codes"], condition=models.Q(codes__isnull=False), name="accounts_audit_codes"),
        ),
    ]
