"""Questions asked of the register more than once."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import models


class Words(models.Func):
    """The words of a row as the search keeps them: names in both languages, then texts (migration 0004)."""

    function = "factors_words"
    arity = 4
    output_field = SearchVectorField()


class Asked(models.Func):
    """A question in Dutch or English as the search takes it: words, "a phrase", or, -not."""

    function = "factors_asked"
    output_field = SearchQueryField()


class Has(models.Func):
    template, arg_joiner = "%(expressions)s", " @@ "
    output_field = models.BooleanField()


class Weighed(models.Func):
    function = "ts_rank"
    output_field = models.FloatField()


def matching(rows: "models.QuerySet[Any]", question: str, *columns: str) -> "models.QuerySet[Any]":
    """Rows with the words of the question, best first. columns: name nl, name en, text nl, text en; "" for none."""
    words = Words(*(models.F(name) if name else models.Value("") for name in columns))
    asked = Asked(models.Value(question))
    return rows.filter(Has(words, asked)).order_by(Weighed(words, asked).desc(), "pk")


class FactorModelQuerySet(models.QuerySet):
    def with_published(self) -> "FactorModelQuerySet":
        """Models of which at least one version was ever published."""
        return self.filter(versions__status__in=["published", "withdrawn"]).distinct()


class ModelVersionQuerySet(models.QuerySet):
    def frozen(self) -> "ModelVersionQuerySet":
        """Ever published, also when withdrawn since."""
        return self.filter(status__in=["published", "withdrawn"])

    def of_model(self, code: str) -> "ModelVersionQuerySet":
        return self.filter(model_id=code)

    def newest_first(self) -> "ModelVersionQuerySet":
        return self.order_by(models.F("published_at").desc(nulls_last=True), "-id")

    def latest_of(self, code: str) -> Any:
        """The newest published version of a model that was not withdrawn, or None."""
        return self.of_model(code).filter(status="published").newest_first().first()


class VersionFactorQuerySet(models.QuerySet):
    def as_last_published(self) -> "VersionFactorQuerySet":
        """One row per factor code: as the newest published version says, of a shared model before one city's."""
        return (
            self.filter(version__status="published")
            .order_by("code", "version__model__municipality_code", "-version__published_at", "-id")
            .distinct("code")
        )


class RankingDefinitionQuerySet(models.QuerySet):
    def with_local_data(self) -> "RankingDefinitionQuerySet":
        """Definitions of one area that use its figures."""
        return self.exclude(area_code="").exclude(local_data={})

    def with_partner_scores(self) -> "RankingDefinitionQuerySet":
        """Definitions of one area in which partners' scores weigh."""
        return self.with_local_data().filter(local_data__partner_weight__gt=0)

    def marked(self) -> "RankingDefinitionQuerySet":
        """Definitions that something made stale."""
        marks = apps.get_model("factors", "RankingMark")._default_manager
        return self.filter(models.Exists(marks.filter(definition=models.OuterRef("pk"))))
