"""How the working aggregates stand: what waits to be counted, and whether they were right at the last check."""

from rest_framework import serializers

from config.api.access import Needs
from config.api.resources import ListResource, Rows
from monitoring import access
from monitoring.services.aggregation.aggregate_checks import states_of


class AggregateStateSerializer(serializers.Serializer):
    """Stand van de werkcijfers van een gemeente."""

    municipalityCode = serializers.CharField(source="municipality_code")
    waiting = serializers.IntegerField(help_text="Wijzigingen die nog niet geteld zijn.")
    waitingSince = serializers.DateTimeField(source="waiting_since", allow_null=True)
    checkedAt = serializers.DateTimeField(
        source="checked_at", allow_null=True, help_text="Laatste vergelijking met een volledige herberekening."
    )
    cells = serializers.IntegerField(allow_null=True, help_text="Hoeveel cijfers toen vergeleken zijn.")
    differing = serializers.IntegerField(
        allow_null=True, help_text="Hoeveel daarvan afweken en zijn hersteld; 0 is goed."
    )


class AggregateStatesView(ListResource):
    """Stand van de werkcijfers: wat nog wacht, en of zij gelijk waren aan een volledige herberekening."""

    access = {"GET": Needs("working.read")}
    item = AggregateStateSerializer

    def rows(self) -> Rows:
        return states_of(self.principal.municipalities(access.INSIDE_ROLES))
