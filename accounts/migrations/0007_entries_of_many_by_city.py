from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_one_entry_for_many_things")]

    operations = [
        migrations.RemoveIndex("auditentry", "accounts_audit_codes"),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["municipality_code", "resource"], condition=models.Q(codes__isnull=False),
                name="accounts_audit_of_many",
            ),
        ),
    ]
