"""How an outside issuer of access tokens names a client; for the administrators of its municipality."""

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import identities
from accounts.api.clients import READ, WRITE, ClientPart
from accounts.models import OutsideIdentity
from accounts.tokens import MOST_NAME, Bearer
from config.api import idempotency
from config.api.bodies import Body
from config.api.resources import ListResource, Rows, SingleResource


class OutsideIdentityInputSerializer(Body):
    """Onder welke naam de uitgever van tokens deze toepassing kent."""

    issuer = serializers.CharField(max_length=MOST_NAME, help_text="`iss` van het token: een uitgever die hier mag.")
    issuerClient = serializers.CharField(max_length=MOST_NAME, help_text="`client_id` (of `azp`) van het token.")
    subject = serializers.CharField(
        max_length=MOST_NAME, required=False, help_text="`sub` van het token; zonder: gelijk aan issuerClient."
    )

    def validate_issuer(self, value: str) -> str:
        if value not in settings.OAUTH_ISSUERS:
            raise serializers.ValidationError(_("Tokens van deze uitgever nemen wij niet aan."), "unknown-issuer")
        return value

    def bearer(self) -> Bearer:
        given = self.validated_data
        return Bearer(given["issuer"], given["issuerClient"], given.get("subject", given["issuerClient"]))


class OutsideIdentitySerializer(serializers.Serializer):
    """Een naam bij een uitgever van tokens."""

    id = serializers.CharField()
    issuer = serializers.CharField()
    issuerClient = serializers.CharField(source="issuer_client")
    subject = serializers.CharField()
    createdAt = serializers.DateTimeField(source="created_at")
    lastUsedAt = serializers.DateTimeField(
        source="last_used_at", allow_null=True, help_text="Loopt hoogstens een paar minuten achter."
    )


class IdentitiesView(ClientPart, ListResource):
    """Onder welke namen uitgevers van tokens deze toepassing kennen."""

    access, item, idempotent_store = {**READ, "POST": WRITE}, OutsideIdentitySerializer, "default"
    bodies = {"POST": (OutsideIdentityInputSerializer, {201: OutsideIdentitySerializer})}

    def rows(self) -> Rows:
        return self.client().identities.order_by("id")

    def post(self, request: Request, clientCode: str) -> Response:
        """Meld aan dat tokens met deze namen van de toepassing zijn."""
        return idempotency.once(request, store="default", produce=self._register)

    def _register(self) -> Response:
        client, city = self.manageable()
        bearer = self.given(OutsideIdentityInputSerializer).bearer()
        row = identities.register(client=client, actor=self.principal.id, bearer=bearer, municipality_code=city)
        row.refresh_from_db()
        location = self.request.build_absolute_uri(f"/v1/api-clients/{client.code}/identities/{row.pk}")
        return Response(self.shape(row), status=201, headers={"Location": location})


class IdentityView(ClientPart, SingleResource):
    """Eén naam bij een uitgever van tokens."""

    access, item = {**READ, "DELETE": WRITE}, OutsideIdentitySerializer
    takes_rights = True
    matched = frozenset()  # gone is gone, whatever was read before
    bodies = {"DELETE": (None, {204: None})}

    def thing(self) -> OutsideIdentity:
        return self.numbered(self.client().identities.all(), self.kwargs["identityId"])

    def delete(self, request: Request, clientCode: str, identityId: str) -> Response:
        """Neem de naam terug; tokens met deze naam geven meteen geen toegang meer."""
        _client, city = self.manageable()
        identities.remove(row=self.thing(), actor=self.principal.id, municipality_code=city)
        return Response(status=204)
