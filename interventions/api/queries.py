"""Query keys of this app."""

from rest_framework import serializers

from config.api.fields import Day
from config.api.query import ListQuery, Query
from interventions.codes import LIFE_DOMAINS, LIFE_PHASES, PREVENTION_LEVELS
from interventions.services.coverage.cities import LEVELS


class InterventionDetailQuery(Query):
    validOn = Day(default=None, help_text="Trede van de effectladder op deze dag; leeg: vandaag.")


class InterventionQuery(ListQuery, InterventionDetailQuery):
    q = serializers.CharField(default=None, help_text="Woord in naam, doel of doelgroep.")
    factorCode = serializers.CharField(default=None, help_text="Werkt aan deze factor.")
    domainCode = serializers.CharField(default=None, help_text="Bedoeld voor dit domein.")
    lifePhase = serializers.ChoiceField(choices=LIFE_PHASES, default=None, help_text="Levensfase.")
    preventionLevel = serializers.ChoiceField(choices=PREVENTION_LEVELS, default=None, help_text="Preventieniveau.")
    minimumLevel = serializers.IntegerField(
        min_value=0, max_value=4, default=None, help_text="Laagste trede; niet vermeld valt dan af."
    )
    listed = serializers.BooleanField(
        default=None, allow_null=True, help_text="Heeft een geldige trede, of juist niet."
    )


class OfferingQuery(ListQuery):
    municipalityCode = serializers.CharField(default=None, help_text="Gemeente, bijvoorbeeld GM0363.")
    areaCode = serializers.CharField(
        default=None, help_text="Noemt dit gebied zelf; wat een gebied verder bereikt staat onder coverage."
    )
    activeOn = Day(default=None, help_text="Loopt op deze dag, met een geldige afspraak of zonder.")
    organisationCode = serializers.CharField(default=None, help_text="Uitgevoerd door deze organisatie.")
    interventionCode = serializers.CharField(default=None, help_text="Uitvoering van deze interventie.")


class AgreementQuery(ListQuery):
    offeringCode = serializers.CharField(default=None, help_text="Afspraken over dit aanbod.")
    organisationCode = serializers.CharField(default=None, help_text="Afspraken met deze organisatie.")
    validOn = Day(default=None, help_text="Geldig op deze dag.")


class ChoiceQuery(Query):
    municipalityCode = serializers.CharField(help_text="Gemeente, bijvoorbeeld GM0363.")
    activeOn = Day(default=None, help_text="Peildag; leeg: vandaag.")
    minimumLevel = serializers.IntegerField(
        min_value=0,
        max_value=4,
        default=None,
        help_text="Laagste trede van de effectladder die telt. Leeg: alles telt, ook niet vermeld.",
    )
    lifePhase = serializers.ChoiceField(choices=LIFE_PHASES, default=None, help_text="Levensfase.")
    lifeDomain = serializers.ChoiceField(choices=LIFE_DOMAINS, default=None, help_text="Leefgebied.")
    domainCode = serializers.CharField(default=None, help_text="Alleen aanbod dat voor dit domein bedoeld is.")


class CoverageQuery(ChoiceQuery):
    areaCode = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        max_length=100,
        help_text="Gebied; mag vaker. Leeg: de hele gemeente.",
    )
    reachYear = serializers.IntegerField(
        min_value=1900,
        max_value=2999,
        default=None,
        help_text="Jaar van het gerealiseerd bereik; leeg: dat van de peildag.",
    )


class MatrixQuery(CoverageQuery):
    rowsBy = serializers.ChoiceField(
        choices=("domain", "ambition", "result"),
        default="domain",
        help_text="Een rij per domein, per ambitie of per maatschappelijk resultaat.",
    )
    variant = serializers.ChoiceField(
        choices=("youth", "all-ages"), default="youth", help_text="Welke ambities, bij rijen per ambitie."
    )


class RankedCoverageQuery(CoverageQuery):
    definitionCode = serializers.CharField(
        default="public-five-elements-2023", help_text="Rangschikking waarvan de nieuwste stand geldt."
    )


class FactorCoverageQuery(RankedCoverageQuery):
    factorCode = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        max_length=50,
        help_text="Alleen deze factor; mag vaker. Ook codes van de teksten, bijvoorbeeld school-absence.",
    )
    outcome = serializers.CharField(
        default=None,
        help_text="Alleen factoren met bewijs over deze uitkomst, zoals de bron haar noemt: school drop-out.",
    )


class GapQuery(RankedCoverageQuery):
    top = serializers.IntegerField(
        min_value=1, max_value=1000, default=20, help_text="Tot en met deze plaats (met gelijke plaatsen samen)."
    )


class AreasQuery(ChoiceQuery):
    areaCode = serializers.ListField(
        child=serializers.CharField(), default=list, max_length=100, help_text="Gebied; mag vaker. Leeg: alle."
    )
    areaLevel = serializers.ChoiceField(
        choices=LEVELS,
        default="neighbourhood",
        help_text="Alle gebieden van deze soort, als er geen gebied is genoemd.",
    )


class RankedAreasQuery(AreasQuery):
    definitionCode = serializers.CharField(
        default="public-five-elements-2023", help_text="Rangschikking waarvan de nieuwste stand geldt."
    )
    top = serializers.IntegerField(
        min_value=1, max_value=1000, default=20, help_text="Tot en met deze plaats (met gelijke plaatsen samen)."
    )


class PriorityQuery(RankedAreasQuery):
    minimumLevel = serializers.IntegerField(
        min_value=0,
        max_value=4,
        default=2,
        allow_null=True,
        help_text="Laagste trede van de effectladder die telt. Leeg: 2.",
    )
    top = serializers.IntegerField(
        min_value=1, max_value=1000, default=10, help_text="Tot en met deze plaats (met gelijke plaatsen samen)."
    )


class ExpiringQuery(RankedAreasQuery):
    endsFrom = Day(default=None, help_text="De laatste dag van de afspraak is deze dag of later; leeg: vandaag.")
    endsUntil = Day(
        default=None, help_text="De laatste dag van de afspraak is deze dag of eerder; leeg: 31 december van dat jaar."
    )


class ChangesQuery(RankedAreasQuery):
    dayFrom = Day(help_text="Eerste dag.")
    dayUntil = Day(default=None, help_text="Tweede dag; leeg: vandaag.")


class DeliveryQuery(Query):
    year = serializers.IntegerField(
        min_value=1900, max_value=2999, default=None, help_text="Jaar van de cijfers; leeg: dit jaar."
    )


class OrganisationDeliveryQuery(DeliveryQuery):
    municipalityCode = serializers.CharField(help_text="Gemeente, bijvoorbeeld GM0363.")
