"""Pillars, domains, ambitions, life phases and domains, and the glossary."""

from typing import Any

from rest_framework import serializers

from config.api.access import Access, Public
from config.api.fields import Codes, Label
from config.api.query import ListQuery
from config.api.resources import ListResource
from factors.api.fields import Key, Text, narrowed
from factors.models import Ambition, Domain, GlossaryTerm, LifeDomain, LifePhase, Pillar

READ: dict[str, Access] = {"GET": Public("models.read")}
REFERENCE = "public, max-age=60"


class PillarSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Label()
    aliases = Codes(source="aliases_nl", help_text="Andere Nederlandse namen.")
    source = Text()  # type: ignore[assignment]


class DomainSerializer(PillarSerializer):
    pillarCode = serializers.CharField(source="pillar_id")


class LifeDomainSerializer(PillarSerializer):
    pass


class LifePhaseSerializer(PillarSerializer):
    variant = serializers.CharField(help_text="youth: fase van het jeugdmodel; all-ages: van het model voor iedereen.")


class AmbitionSerializer(DomainSerializer):
    municipalityCode = Text(source="municipality_code", help_text="Leeg: gedeeld door alle gemeenten.")
    variant = serializers.CharField()
    domainCode = Text(source="domain_id", help_text="Leeg waar de bron alleen een pijler noemt.")
    direction = serializers.CharField(help_text="more of fewer.")


class GlossaryTermSerializer(serializers.Serializer):
    code = serializers.CharField()
    termNl = serializers.CharField(source="term_nl", help_text="Nederlandse term.")
    termEn = serializers.CharField(source="term_en", help_text="Naam in de API.")
    meaning = Label("meaning")
    source = Text()  # type: ignore[assignment]


class DomainQuery(ListQuery):
    pillarCode = Key("Alleen domeinen van deze pijler.")


class AmbitionQuery(ListQuery):
    pillarCode = Key("Alleen ambities van deze pijler.")
    domainCode = Key("Alleen ambities van dit domein.")
    variant = Key("youth of all-ages.")


class PillarsView(ListResource):
    """De pijlers: Kansrijk, Veilig, Gezond."""

    access, item, cache = READ, PillarSerializer, REFERENCE

    def rows(self) -> Any:
        return Pillar.objects.order_by("order", "code")


class DomainsView(ListResource):
    """De negen domeinen, drie per pijler."""

    access, query, item, cache = READ, DomainQuery, DomainSerializer, REFERENCE

    def rows(self) -> Any:
        return narrowed(Domain.objects.order_by("order", "code"), self.params, {"pillarCode": "pillar_id"})


class AmbitionsView(ListResource):
    """De ambities per domein of pijler."""

    access, query, item, cache = READ, AmbitionQuery, AmbitionSerializer, REFERENCE

    def rows(self) -> Any:
        keys = {"pillarCode": "pillar_id", "domainCode": "domain_id", "variant": "variant"}
        return narrowed(Ambition.objects.order_by("order", "code"), self.params, keys)


class LifePhasesView(ListResource):
    """De levensfasen, van zwangerschap tot ouderdom."""

    access, item, cache = READ, LifePhaseSerializer, REFERENCE

    def rows(self) -> Any:
        return LifePhase.objects.order_by("order", "code")


class LifeDomainsView(ListResource):
    """De leefgebieden waarin een factor speelt."""

    access, item, cache = READ, LifeDomainSerializer, REFERENCE

    def rows(self) -> Any:
        return LifeDomain.objects.order_by("order", "code")


class GlossaryView(ListResource):
    """De woorden van het vak, Nederlands en Engels naast elkaar."""

    access, item, cache = READ, GlossaryTermSerializer, REFERENCE

    def rows(self) -> Any:
        return GlossaryTerm.objects.order_by("term_nl", "code")
