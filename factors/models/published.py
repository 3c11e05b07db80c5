from django.db import models


class PublishedRanking(models.Model):
    """An order of factors published elsewhere, as a reference for ours."""

    code = models.CharField(max_length=100, primary_key=True)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    source = models.TextField()


class PublishedRankingItem(models.Model):
    """One factor on a published list; `factor_code` is the nearest factor of our models, if there is one."""

    ranking = models.ForeignKey(PublishedRanking, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=100)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    rank = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    factor_code = models.CharField(max_length=100, blank=True)
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ranking", "code"], name="published_ranking_item_once")]
