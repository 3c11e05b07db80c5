"""A ranking definition says how far its inputs are doubted where that differs from parameter set doubt/1."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("factors", "0004_draft_revisions_and_search")]
    operations = [
        migrations.AddField("rankingdefinition", "doubt", models.JSONField(default=dict)),
    ]
