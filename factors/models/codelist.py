"""Code lists of the field (DOMAIN.md, Words): stable English codes, Dutch and English names, sources."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeListEntry(models.Model):
    """One entry of a code list."""

    code = models.CharField(max_length=100, primary_key=True)
    name_nl = models.CharField(_("naam"), max_length=300)
    name_en = models.CharField(_("Engelse naam"), max_length=300)
    aliases_nl = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    order = models.PositiveIntegerField(_("volgorde"), default=0)
    source = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Pillar(CodeListEntry):
    """Kansrijk, Veilig, Gezond."""

    class Meta:
        verbose_name, verbose_name_plural = _("pijler"), _("pijlers")


class Domain(CodeListEntry):
    """One of nine domains, three per pillar; models, results and coverage meet by domain."""

    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT)

    class Meta:
        verbose_name, verbose_name_plural = _("domein"), _("domeinen")


class LifePhase(CodeListEntry):
    """A phase of life; `variant` tells the youth phases from the groups of the all-ages text."""

    variant = models.CharField(max_length=20)

    class Meta:
        verbose_name, verbose_name_plural = _("levensfase"), _("levensfasen")


class LifeDomain(CodeListEntry):
    """Where in life a factor plays; what a source calls otherwise is an alias."""

    class Meta:
        verbose_name, verbose_name_plural = _("leefgebied"), _("leefgebieden")


class Ambition(CodeListEntry):
    """What a municipality aims for in one domain, or (all-ages set) in one pillar."""

    municipality_code = models.CharField(max_length=10, blank=True)
    variant = models.CharField(max_length=20)
    pillar = models.ForeignKey(Pillar, on_delete=models.PROTECT)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, null=True)
    direction = models.CharField(max_length=10)


class GlossaryTerm(models.Model):
    """A Dutch term of the field, its name in this service, and what it means."""

    code = models.CharField(max_length=100, primary_key=True)
    term_nl = models.CharField(_("term"), max_length=200)
    term_en = models.CharField(_("Engelse term"), max_length=200)
    meaning_nl = models.TextField()
    meaning_en = models.TextField()
    source = models.TextField(blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("term"), _("woordenlijst")

    def __str__(self) -> str:
        return self.code


class FactorSynonym(models.Model):
    """A factor code used elsewhere, joined to the factor code of our models; says on what ground."""

    scheme = models.CharField(max_length=60)
    code = models.CharField(max_length=100)
    factor_code = models.CharField(max_length=100)
    basis = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code", "factor_code"], name="factor_synonym_once")]
