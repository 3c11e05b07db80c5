"""Completeness over HTTP: what was asked, what came, and what to remind whom of."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.api.access import Needs
from config.api.query import ListQuery
from config.api.resources import ListResource, Rows
from config.days import today
from config.languages import pick
from monitoring import access
from monitoring.completeness import STATES, rate
from monitoring.measure_words import SHEETS
from monitoring.measures import MEASURES
from monitoring.services.planning.completeness import Expected, completeness


class OrganisationCompletenessQuery(ListQuery):
    municipalityCode = serializers.CharField(required=False, max_length=10, help_text="Alleen deze gemeente.")
    organisationCode = serializers.CharField(required=False, max_length=100, help_text="Alleen deze organisatie.")
    year = serializers.IntegerField(required=False, min_value=1900, max_value=2200, help_text="Alleen dit jaar.")


class CompletenessQuery(OrganisationCompletenessQuery):
    offeringCode = serializers.CharField(required=False, max_length=100, help_text="Alleen dit aanbod.")
    measure = serializers.ChoiceField(choices=list(MEASURES), required=False, help_text="Alleen deze maat.")
    deliveryStatus = serializers.MultipleChoiceField(
        choices=STATES, required=False, help_text="Alleen met deze stand; missing geeft de lijst om aan te herinneren."
    )


class CompletenessSerializer(serializers.Serializer):
    """Eén gevraagde of geleverde rapportage: aanbod × maat × periode."""

    offeringCode = serializers.CharField(source="fact.offering_code")
    organisationCode = serializers.CharField(source="fact.organisation_code")
    municipalityCode = serializers.CharField(source="fact.municipality_code")
    measure = serializers.CharField(source="judged.key.measure")
    period = serializers.CharField(source="judged.key.period.iso")
    periodKind = serializers.CharField(source="judged.key.period.kind")
    dueDate = serializers.DateField(source="judged.due_on", help_text="Uiterlijk te leveren; de termijn is onze keuze.")
    deliveredDate = serializers.DateField(
        source="judged.delivered_on", allow_null=True, help_text="De dag waarop minstens de helft binnen was."
    )
    deliveryStatus = serializers.CharField(
        source="judged.status",
        help_text="on-time, late, empty, contradictory, missing, not-yet-due, of unplanned: niet gevraagd.",
    )


class CompletenessView(ListResource):
    """Compleetheid: wat volgens de meetplannen te leveren was, en wat er kwam."""

    access = {"GET": Needs("outcomes.read")}
    query = CompletenessQuery
    item = CompletenessSerializer

    def rows(self) -> Rows:
        states, measure = self.params.get("deliveryStatus"), self.params.get("measure")
        found = _found(self.principal, self.params)
        return [
            one
            for one in found
            if (not states or one.judged.status in states) and measure in (None, one.judged.key.measure)
        ]


class StateCountsSerializer(serializers.Serializer):
    onTime = serializers.IntegerField()
    late = serializers.IntegerField()
    empty = serializers.IntegerField()
    contradictory = serializers.IntegerField()
    missing = serializers.IntegerField()
    notYetDue = serializers.IntegerField()
    unplanned = serializers.IntegerField()


class OrganisationCompletenessSerializer(serializers.Serializer):
    """De compleetheid van één organisatie in één gemeente, met wat haar te herinneren valt."""

    organisationCode = serializers.CharField()
    municipalityCode = serializers.CharField()
    counts = StateCountsSerializer()
    rate = serializers.FloatField(
        allow_null=True, help_text="Geleverd / te leveren, niet afgekapt; leeg als er nog niets moest."
    )
    reminders = serializers.ListField(child=serializers.CharField(), help_text="Wat er mist, oudste eerst.")


class OrganisationCompletenessView(ListResource):
    """Compleetheid per organisatie, met herinneringen. Op naam geordend, niet op prestatie."""

    access = {"GET": Needs("outcomes.read")}
    query = OrganisationCompletenessQuery
    item = OrganisationCompletenessSerializer

    def rows(self) -> Rows:
        groups: dict[tuple[str, str], list[Expected]] = defaultdict(list)
        for one in _found(self.principal, self.params):
            groups[one.fact.municipality_code, one.fact.organisation_code].append(one)
        return [_summary(*key, groups[key]) for key in sorted(groups)]


def _found(principal: Any, asked: dict[str, Any]) -> list[Expected]:
    names = {"municipalityCode": "municipality_code", "organisationCode": "organisation_code",
             "offeringCode": "offering_code"}  # fmt: skip
    chosen = Q(**{names[key]: value for key, value in asked.items() if key in names})
    return completeness(may=access.reports(principal) & chosen, day=today(), year=asked.get("year"))


def _summary(municipality: str, organisation: str, found: list[Expected]) -> dict[str, Any]:
    states = [one.judged.status for one in found]
    number = Counter(states)
    missing = sorted((one for one in found if one.judged.status == "missing"), key=lambda one: one.judged.due_on)
    return {
        "organisationCode": organisation, "municipalityCode": municipality, "rate": rate(states),
        "counts": {_camel(state): number[state] for state in STATES}, "reminders": [_reminder(one) for one in missing],
    }  # fmt: skip


def _reminder(one: Expected) -> str:
    """What is missing, in words that can be mailed as they are."""
    key, day = one.judged.key, date_format(one.judged.due_on, "j F Y")
    words = {"offering": key.offering, "measure": pick(SHEETS[key.measure], key.measure), "period": key.period.short}
    return _("%(offering)s: %(measure)s over %(period)s had er op %(day)s moeten zijn.") % (words | {"day": day})


def _camel(state: str) -> str:
    first, *rest = state.split("-")
    return first + "".join(word.capitalize() for word in rest)
