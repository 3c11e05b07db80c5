from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0025_walls_that_look_once")]

    operations = [
        migrations.RemoveIndex("auditentry", "monitoring_audit_codes"),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["municipality_code", "resource"], condition=models.Q(codes__isnull=False),
                name="monitoring_audit_of_many",
            ),
        ),
        migrations.RemoveIndex("correctioneffect", "correction_effect_report"),
        migrations.AddIndex(
            "correctioneffect",
            models.Index(fields=["municipality_code", "organisation_code"], name="correction_effect_owner"),
        ),
    ]
