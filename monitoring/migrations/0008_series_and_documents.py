"""Series and stored profiles beside the observations (docs/adr/0009), and the stamps that say whether they still hold.

What figures mean (areas, indicators, sources) has a stamp too, kept by triggers: whoever changes those tables, by
whatever way, makes every stored profile old. Areas that have figures already begin unfolded, so a worker folds them.
"""

import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models


MEANING = ("area", "areamembership", "datasource", "indicator", "indicatordefinition", "indicatorlink")
STAMP = "CREATE SEQUENCE monitoring_figure_stamp"
CHANGED = """
CREATE FUNCTION monitoring_meaning_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO monitoring_figurestate AS state (area_code, stamp, folded)
    VALUES ('', nextval('monitoring_figure_stamp'), currval('monitoring_figure_stamp'))
    ON CONFLICT (area_code) DO UPDATE SET stamp = excluded.stamp, folded = excluded.folded;
    RETURN NULL;
END $$;
"""
BEGIN = """
INSERT INTO monitoring_figurestate (area_code) SELECT DISTINCT area_code FROM monitoring_observation;
INSERT INTO monitoring_figurestate (area_code, stamp, folded)
VALUES ('', nextval('monitoring_figure_stamp'), currval('monitoring_figure_stamp'));
ALTER TABLE monitoring_profiledocument ALTER content SET STORAGE EXTERNAL;
"""


def trigger(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER meaning_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON monitoring_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION monitoring_meaning_changed()",
        f"DROP TRIGGER meaning_changed ON monitoring_{table}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0007_measurement_plans_are_written'),
    ]

    operations = [
        migrations.RunSQL(STAMP, "DROP SEQUENCE monitoring_figure_stamp"),
        migrations.CreateModel(
            name='FigureState',
            fields=[
                ('area_code', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('stamp', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL("nextval('monitoring_figure_stamp')", []))),
                ('folded', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ObservationSeries',
            fields=[
                ('pk', models.CompositePrimaryKey('area_code', 'indicator_code', 'definition_version', 'population', 'statistic', 'source_code', 'municipality_code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('area_code', models.CharField(max_length=100)),
                ('indicator_code', models.CharField(max_length=100)),
                ('definition_version', models.CharField(blank=True, max_length=60)),
                ('population', models.CharField(blank=True, max_length=200)),
                ('statistic', models.CharField(max_length=20)),
                ('source_code', models.CharField(max_length=100)),
                ('municipality_code', models.CharField(blank=True, max_length=10)),
                ('period_starts', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ('period_ends', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ('area_years', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), size=None)),
                ('numerators', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), null=True, size=None)),
                ('denominators', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), null=True, size=None)),
                ('details', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='ProfileDocument',
            fields=[
                ('pk', models.CompositePrimaryKey('area_code', 'language', 'audience', blank=True, editable=False, primary_key=True, serialize=False)),
                ('area_code', models.CharField(max_length=100)),
                ('language', models.CharField(max_length=2)),
                ('audience', models.CharField(default='public', max_length=20)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None)),
                ('stamps', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('made_from', models.CharField(max_length=64)),
                ('tag', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.RunSQL(CHANGED, "DROP FUNCTION monitoring_meaning_changed()"),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        *(trigger(table) for table in MEANING),
    ]
