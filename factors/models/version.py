"""The factor model as a versioned register (DOMAIN.md §1)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factors.querysets import FactorModelQuerySet, ModelVersionQuerySet, VersionFactorQuerySet


class FactorModel(models.Model):
    """A model of one owner; what it says stands in its versions."""

    code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10, blank=True)  # empty: shared by all
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    description_nl = models.TextField(blank=True)
    description_en = models.TextField(blank=True)

    objects = FactorModelQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class VersionStatus(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ModelVersion(models.Model):
    """One state of a model. Published: frozen, with a checksum over its canonical form; withdrawn: marked only."""

    model = models.ForeignKey(FactorModel, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)  # semantic; a draft is called "draft"
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    checksum = models.CharField(max_length=64, blank=True)  # SHA-256
    changelog = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)
    adopted_from = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    revision = models.PositiveIntegerField(default=1)  # counts the changes of a draft

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "version"], name="model_version_once")]

    @property
    def state(self) -> tuple[object, ...]:
        """Changes whenever the version does."""
        return (self.pk, self.revision, self.status)


class VersionPart(models.Model):
    """A row of one version; `row` counts its changes while the version is a draft."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE)
    row = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def state(self) -> tuple[object, ...]:
        """Changes whenever the row does."""
        return (self.pk, self.row)


class VersionFactor(VersionPart):
    """A factor as one version describes it."""

    code = models.CharField(max_length=100)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    definition_nl = models.TextField(blank=True)
    definition_en = models.TextField(blank=True)
    kind = models.CharField(max_length=12)  # risk | protective | promotive
    life_domains = ArrayField(models.CharField(max_length=30), default=list)
    life_phases = ArrayField(models.CharField(max_length=30), default=list)
    prevalence = models.FloatField(null=True)  # share 0..1 that has the factor
    prevalence_population = models.TextField(blank=True)
    prevalence_source_code = models.CharField(max_length=100, blank=True)

    objects = VersionFactorQuerySet.as_manager()

    class Meta:
        default_related_name = "factors"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="version_factor_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["risk", "protective", "promotive"]), name="factor_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(prevalence__isnull=True) | models.Q(prevalence__gte=0, prevalence__lte=1),
                name="prevalence_is_share",
            ),
        ]


class VersionGoal(VersionPart):
    """A goal of one version, with the domain it stands for."""

    code = models.CharField(max_length=100)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    domain_code = models.CharField(max_length=100)

    class Meta:
        default_related_name = "goals"
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="version_goal_once")]


class VersionSource(VersionPart):
    """A publication that evidence in one version cites."""

    code = models.CharField(max_length=100)
    authors = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    title = models.TextField()
    journal = models.TextField(blank=True)
    doi = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)

    class Meta:
        default_related_name = "sources"
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="version_source_once")]


class VersionRelation(VersionPart):
    """One ordered pair: from a factor to a factor or goal. What holds of it is derived from its evidence."""

    from_code = models.CharField(max_length=100)
    to_kind = models.CharField(max_length=6)  # factor | goal
    to_code = models.CharField(max_length=100)
    description_nl = models.TextField(blank=True)
    description_en = models.TextField(blank=True)

    class Meta:
        default_related_name = "relations"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "from_code", "to_kind", "to_code"], name="version_relation_once"
            ),
            models.CheckConstraint(condition=models.Q(to_kind__in=["factor", "goal"]), name="relation_to_kind_known"),
        ]


class VersionEvidence(VersionPart):
    """One published finding on one relation. The sign column decides; the effect is as published."""

    relation = models.ForeignKey(VersionRelation, on_delete=models.CASCADE)
    code = models.CharField(max_length=100)
    sign = models.CharField(max_length=1)  # + | -
    causal = models.CharField(max_length=8)  # yes | no | unknown
    sequence_in_time = models.CharField(max_length=8)
    significant = models.CharField(max_length=8)
    evidence_type = models.CharField(max_length=20)
    effect_measure = models.CharField(max_length=20, blank=True)
    effect_size = models.FloatField(null=True)
    interval_low = models.FloatField(null=True)
    interval_high = models.FloatField(null=True)
    baseline_risk = models.FloatField(null=True)  # share 0..1, serves risk ratios
    per_unit = models.BooleanField(default=False)  # an effect per unit of exposure: not comparable with others
    outcome_as_published = models.TextField(blank=True)
    contrast = models.TextField(blank=True)
    source_code = models.CharField(max_length=100)
    confidence = models.CharField(max_length=20, blank=True)
    how_known = models.TextField(blank=True)
    mirror_of = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        default_related_name = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="version_evidence_once"),
            models.CheckConstraint(condition=models.Q(sign__in=["+", "-"]), name="evidence_sign_known"),
        ]
