"""Row-level security on partner data: the app role sees and writes the rows within `factorenmodel.reach` (config/walls.py).

Without the setting it sees nothing. The owner, who migrates, is not bound.
"""

from django.db import migrations

TABLES = ("outcomereport", "outcomereporthistory", "receipt", "aggregate", "measurementplan")
# the sub-select is evaluated once per statement, not once per row
POLICY = """
ALTER TABLE monitoring_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON monitoring_{table} USING (
    (SELECT string_to_array(current_setting('factorenmodel.reach', true), ','))
    && ARRAY['*', municipality_code::text, municipality_code || '/' || organisation_code]
);
"""
# a note is seen by who sees its report: the policy of that table holds inside this one
NOTES = """
ALTER TABLE monitoring_reportnote ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON monitoring_reportnote USING (
    EXISTS (SELECT FROM monitoring_outcomereport AS report WHERE report.id = report_id)
);
"""
UNDO = "DROP POLICY within_reach ON monitoring_{table}; ALTER TABLE monitoring_{table} DISABLE ROW LEVEL SECURITY;"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_notes_on_reports")]

    operations = [
        *(migrations.RunSQL(POLICY.format(table=table), UNDO.format(table=table)) for table in TABLES),
        migrations.RunSQL(NOTES, UNDO.format(table="reportnote")),
    ]
