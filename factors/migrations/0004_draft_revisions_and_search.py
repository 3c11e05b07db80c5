"""Count the changes of a draft; and find factors, goals and relations by their words.

A word is found without its accents and by its stem, in Dutch and in English at once; names weigh more than definitions.
The indexes are over an expression, so the frozen rows themselves stay as they are.
"""

from django.db import migrations, models

LANGUAGES = {"nl": "dutch", "en": "english"}

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION factors_{code} (COPY = {language});
ALTER TEXT SEARCH CONFIGURATION factors_{code}
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {language}_stem;
"""

WORDS = """
CREATE FUNCTION factors_words(name_nl text, name_en text, text_nl text, text_en text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('public.factors_nl', name_nl), 'A')
        || setweight(to_tsvector('public.factors_en', name_en), 'A')
        || setweight(to_tsvector('public.factors_nl', text_nl), 'B')
        || setweight(to_tsvector('public.factors_en', text_en), 'B')
$$;
CREATE FUNCTION factors_asked(question text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('public.factors_nl', question) || websearch_to_tsquery('public.factors_en', question)
$$;
"""

INDEXES = {
    "versionfactor": "name_nl, name_en, definition_nl, definition_en",
    "versiongoal": "name_nl, name_en, ''::text, ''::text",
    "versionrelation": "''::text, ''::text, description_nl, description_en",
}


class Migration(migrations.Migration):
    dependencies = [("factors", "0003_published_versions_are_frozen")]
    operations = [
        migrations.AddField("modelversion", "revision", models.PositiveIntegerField(default=1)),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS unaccent", "DROP EXTENSION unaccent"),
        *(
            migrations.RunSQL(
                CONFIGURATION.format(code=code, language=language), f"DROP TEXT SEARCH CONFIGURATION factors_{code}"
            )
            for code, language in LANGUAGES.items()
        ),
        migrations.RunSQL(
            WORDS, "DROP FUNCTION factors_words(text, text, text, text); DROP FUNCTION factors_asked(text)"
        ),
        *(
            migrations.RunSQL(
                f"CREATE INDEX factors_{table}_words ON factors_{table} USING gin (factors_words({columns}))",
                f"DROP INDEX factors_{table}_words",
            )
            for table, columns in INDEXES.items()
        ),
    ]
