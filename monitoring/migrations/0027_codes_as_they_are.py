"""The ids of an entry of many reports are kept uncompressed, as what they were is: trying to compress costs more."""

from django.db import migrations

AS = "ALTER TABLE monitoring_auditentry ALTER COLUMN codes SET STORAGE {}"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0026_entries_of_many_by_city")]

    operations = [migrations.RunSQL(AS.format("EXTERNAL"), AS.format("EXTENDED"))]
