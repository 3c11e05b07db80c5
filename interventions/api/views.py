"""Organisations, interventions, offerings and agreements."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from config.api.access import Access, Needs, Public
from config.api.resources import ListResource, Resource, SingleResource
from config.days import today
from config.errors import NotFound
from factors import public as factors
from interventions.access import agreements_for
from interventions.api import queries, serializers
from interventions.api.beside import INTERVENTION, OFFERING, ORGANISATION
from interventions.models import (
    Agreement,
    EffectLevel,
    Intervention,
    InterventionDatabase,
    Offering,
    Organisation,
    ServiceType,
)

READ: dict[str, Access] = {"GET": Public("interventions.read")}


def found(rows: QuerySet[Any], code: str) -> Any:
    """The row with this code; raises NotFound."""
    thing = rows.filter(pk=code).first()
    if thing is None:
        raise NotFound()
    return thing


class OrganisationsView(ListResource):
    """Organisaties die activiteiten uitvoeren."""

    access = READ
    item = serializers.OrganisationSerializer

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.order_by("code")


class OrganisationView(SingleResource):
    """Eén organisatie."""

    access = READ
    item = serializers.OrganisationSerializer

    def thing(self) -> Organisation:
        return found(Organisation.objects.all(), self.kwargs["organisationCode"])


class EffectLevelsView(ListResource):
    """De treden van de effectladder, 0 tot en met 4."""

    access = READ
    item = serializers.EffectLevelSerializer

    def rows(self) -> QuerySet[EffectLevel]:
        return EffectLevel.objects.order_by("level")


class InterventionDatabasesView(ListResource):
    """Databanken waarin interventies worden erkend."""

    access = READ
    item = serializers.InterventionDatabaseSerializer

    def rows(self) -> QuerySet[InterventionDatabase]:
        return InterventionDatabase.objects.order_by("code")


class ServiceTypesView(ListResource):
    """Soorten dienst; zij bepalen welke uitkomsten passen."""

    access = READ
    item = serializers.ServiceTypeSerializer

    def rows(self) -> QuerySet[ServiceType]:
        return ServiceType.objects.order_by("code")


class OnADay(Resource):
    """Interventions are shown with their ladder level on a day."""

    @property
    def day(self) -> date:
        return self.params["validOn"] or today()

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        shown: Iterable[Intervention] = thing if many else [thing]
        codes = sorted({link.factor_code for one in shown for link in one.factors.all()})
        context = {"day": self.day, "factor_names": factors.factor_labels(codes=codes)}
        return self.item(thing, many=many, context=context).data


class InterventionsView(OnADay, ListResource):
    """Interventies: wat zij beogen, waaraan zij werken en hoe goed dat is onderbouwd.

    Niet vermeld in een databank betekent niet dat een interventie niet werkt.
    """

    access = READ
    query = queries.InterventionQuery
    item = serializers.InterventionSerializer

    def rows(self) -> QuerySet[Intervention]:
        rows = Intervention.objects.with_level_on(self.day).filter(self._stated(), self._level(), self._words())
        return rows.with_parts().order_by("code")

    def _stated(self) -> Q:
        asked = {
            "factors__factor_code": self.params["factorCode"],
            "domain_codes__contains": self.params["domainCode"],
            "life_phases__contains": self.params["lifePhase"],
            "prevention_levels__contains": self.params["preventionLevel"],
        }
        return Q(**{key: [code] if key.endswith("contains") else code for key, code in asked.items() if code})

    def _level(self) -> Q:
        least, listed = self.params["minimumLevel"], self.params["listed"]
        condition = Q() if least is None else Q(level_now__gte=least)
        return condition if listed is None else condition & Q(level_now__isnull=not listed)

    def _words(self) -> Q:
        fields = ("name_nl", "name_en", "goal_nl", "target_group_nl")
        word = self.params["q"]
        return Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR) if word else Q()


class InterventionView(OnADay, SingleResource):
    """Eén interventie, met alle treden van de effectladder die zij had."""

    access = READ
    query = queries.InterventionDetailQuery
    item = serializers.InterventionDetailSerializer

    def thing(self) -> Intervention:
        return found(Intervention.objects.with_parts(), self.kwargs["interventionCode"])


class OfferingsView(ListResource):
    """Aanbod: welke organisatie voert welke interventie waar en wanneer uit."""

    access = READ
    query = queries.OfferingQuery
    item = serializers.OfferingSerializer
    expansions = {"intervention": INTERVENTION, "organisation": ORGANISATION}

    def rows(self) -> QuerySet[Offering]:
        asked = {
            "municipality_code": self.params["municipalityCode"],
            "organisation": self.params["organisationCode"],
            "intervention": self.params["interventionCode"],
        }
        rows = Offering.objects.filter(**{key: code for key, code in asked.items() if code})
        if area := self.params["areaCode"]:
            rows = rows.filter(area_codes__contains=[area])
        if day := self.params["activeOn"]:
            rows = rows.active_on(day)
        return rows.select_related("organisation", "intervention").order_by("code")


class OfferingView(SingleResource):
    """Eén aanbod."""

    access = READ
    item = serializers.OfferingSerializer
    expansions = {"intervention": INTERVENTION, "organisation": ORGANISATION}

    def thing(self) -> Offering:
        return found(Offering.objects.select_related("organisation", "intervention"), self.kwargs["offeringCode"])


class AgreementsView(ListResource):
    """Afspraken van de gemeente met uitvoerders, met bedragen; alleen binnen de eigen gemeente."""

    access = {"GET": Needs("agreements.read")}
    query = queries.AgreementQuery
    item = serializers.AgreementSerializer
    expansions = {"offering": OFFERING}

    def rows(self) -> QuerySet[Agreement]:
        asked = {
            "offering": self.params["offeringCode"],
            "offering__organisation": self.params["organisationCode"],
        }
        rows = Agreement.objects.filter(agreements_for(self.principal))
        rows = rows.filter(**{key: code for key, code in asked.items() if code})
        if day := self.params["validOn"]:
            rows = rows.valid_on(day)
        return rows.select_related("offering").order_by("code")
