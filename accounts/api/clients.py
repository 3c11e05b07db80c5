"""Machine clients of a municipality, their keys and their roles; for its administrators."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, services
from accounts.models import ApiKey, Client, Municipality, RoleGrant
from accounts.roles import CODES, ROLES, scopes_of
from config.api import idempotency
from config.api.access import Access, Grant, Needs, Principal
from config.api.bodies import Body
from config.api.fields import Moment
from config.api.resources import ListResource, Resource, Rows, SingleResource
from config.errors import NotFound

READ: dict[str, Access] = {"GET": Needs("accounts.read")}
WRITE = Needs("accounts.write")
CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SCOPES = sorted(scopes_of(ROLES))


class MembershipInputSerializer(Body):
    """Een rol bij een gemeente."""

    role = serializers.ChoiceField(choices=CODES)
    municipalityCode = serializers.CharField(max_length=10)
    organisationCode = serializers.RegexField(
        CODE, max_length=100, required=False, allow_null=True, help_text="Alleen bij de rol partner, en daar verplicht."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["role"] == "partner") != bool(given.get("organisationCode")):
            text = _("Een partner hoort bij een organisatie; andere rollen niet.")
            raise serializers.ValidationError({"organisationCode": [text]}, "organisation-of-partner")
        return given

    def grant(self, principal: Principal, given: dict[str, Any]) -> Grant:
        """Raises ValidationError for a municipality that the principal does not administer."""
        city = given["municipalityCode"]
        if city not in access.administered(principal) or not Municipality.objects.filter(code=city).exists():
            text = _("Deze gemeente bestaat niet, of u beheert haar niet.")
            raise serializers.ValidationError({"municipalityCode": [serializers.ErrorDetail(text, "unknown")]})
        return Grant(given["role"], city, given.get("organisationCode") or "")


class MembershipSerializer(serializers.Serializer):
    """Een rol bij een gemeente, en voor een partner de organisatie."""

    id = serializers.CharField()
    role = serializers.CharField()
    municipalityCode = serializers.CharField(source="municipality_id")
    organisationCode = serializers.SerializerMethodField()

    def get_organisationCode(self, row: RoleGrant) -> str | None:
        return row.organisation_code or None


class ApiClientSerializer(serializers.Serializer):
    """Een toepassing die de API gebruikt."""

    code = serializers.CharField()
    name = serializers.CharField()
    demo = serializers.BooleanField()


class ApiClientInputSerializer(MembershipInputSerializer):
    """Een nieuwe toepassing met haar eerste rol."""

    code = serializers.RegexField(CODE, max_length=100)
    name = serializers.CharField(max_length=200, help_text="Naam van de toepassing, nooit van een persoon.")


class ApiKeySerializer(serializers.Serializer):
    """Een sleutel; zijn tekst staat nergens."""

    prefix = serializers.CharField(help_text="Herkenbaar begin, na `fm_`.")
    scopes = serializers.ListField(child=serializers.CharField(), help_text="Leeg: alles wat de rollen geven.")
    createdAt = serializers.DateTimeField(source="created_at")
    expiresAt = serializers.DateTimeField(source="expires_at", allow_null=True)
    revokedAt = serializers.DateTimeField(source="revoked_at", allow_null=True)
    lastUsedAt = serializers.DateTimeField(
        source="last_used_at", allow_null=True, help_text="Loopt hoogstens een paar minuten achter."
    )


class ApiKeyInputSerializer(Body):
    """Wat een nieuwe sleutel mag en tot wanneer."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), default=list, max_length=len(SCOPES))
    expiresAt = Moment(required=False, allow_null=True)

    def validate_expiresAt(self, value: Any) -> Any:
        if value and value <= timezone.now():
            raise serializers.ValidationError(_("Kies een moment in de toekomst."), "in-the-past")
        return value


class NewApiKeySerializer(serializers.Serializer):
    """De nieuwe sleutel."""

    prefix = serializers.CharField()
    key = serializers.CharField(
        allow_null=True, help_text="De sleutel zelf, alleen nu te zien; null bij een herhaalde aanvraag."
    )


class ClientPart(Resource):
    """What lies below one client: shares how it is found."""

    def client(self) -> Client:
        """Raises NotFound, also for a client of another municipality."""
        row = Client.objects.filter(access.clients(self.principal), pk=self.kwargs["clientCode"]).first()
        if row is None:
            raise NotFound()
        return row

    def manageable(self) -> tuple[Client, str]:
        """The client and one municipality it works for. Raises WorksElsewhere when not all of them are own."""
        client = self.client()
        if access.works_elsewhere(self.principal, client.code):
            raise services.WorksElsewhere(_("Deze toepassing werkt ook voor een andere gemeente."))
        cities = RoleGrant.objects.filter(client=client).order_by("municipality_id")
        return client, cities.values_list("municipality_id", flat=True)[0]

    def given(self, serializer: type[serializers.Serializer]) -> Any:
        """The validated body; raises ValidationError with every fault."""
        bound = serializer(data=self.request.data)
        bound.is_valid(raise_exception=True)
        return bound

    def numbered(self, rows: QuerySet[Any], number: str) -> Any:
        """The row with this number as text. Raises NotFound, also when it is no number."""
        known = number.isascii() and number.isdecimal() and len(number) < 18
        row = rows.filter(pk=int(number)).first() if known else None
        if row is None:
            raise NotFound()
        return row


class ApiClientsView(ClientPart, ListResource):
    """Toepassingen die voor uw gemeente mogen werken."""

    access, item, idempotent_store = {**READ, "POST": WRITE}, ApiClientSerializer, "default"
    bodies = {"POST": (ApiClientInputSerializer, {201: ApiClientSerializer})}

    def rows(self) -> Rows:
        return Client.objects.filter(access.clients(self.principal)).order_by("code")

    def post(self, request: Request) -> Response:
        """Meld een toepassing aan met haar eerste rol."""
        return idempotency.once(request, store="default", produce=self._register)

    def _register(self) -> Response:
        bound = self.given(ApiClientInputSerializer)
        given = bound.validated_data
        client = services.register_client(
            code=given["code"], name=given["name"], actor=self.principal.id, grant=bound.grant(self.principal, given)
        )
        location = self.request.build_absolute_uri(f"/v1/api-clients/{client.code}")
        return Response(self.shape(client), status=201, headers={"Location": location})


class ApiClientView(ClientPart, SingleResource):
    """Eén toepassing."""

    access, item = READ, ApiClientSerializer

    def thing(self) -> Client:
        return self.client()


class ApiKeysView(ClientPart, ListResource):
    """De sleutels van een toepassing, ook verlopen en ingetrokken."""

    access, item, idempotent_store = {**READ, "POST": WRITE}, ApiKeySerializer, "default"
    bodies = {"POST": (ApiKeyInputSerializer, {201: NewApiKeySerializer})}

    def rows(self) -> Rows:
        return self.client().keys.order_by("-created_at", "prefix")

    def post(self, request: Request, clientCode: str) -> Response:
        """Geef een sleutel uit, naast de sleutel die er is: zo kan de oude pas weg als de nieuwe werkt."""
        self.text = ""
        answer = idempotency.once(request, store="default", produce=self._issue)
        if self.text:  # after the answer was kept for repeats: no store ever holds the key
            answer.data = answer.data | {"key": self.text}
        return answer

    def _issue(self) -> Response:
        client, city = self.manageable()
        given = self.given(ApiKeyInputSerializer).validated_data
        self.text = services.rotate_key(
            client=client, actor=self.principal.id, scopes=given["scopes"], expires_at=given.get("expiresAt"),
            now=timezone.now(), municipality_code=city,
        )  # fmt: skip
        prefix = self.text.split("_")[1]
        location = self.request.build_absolute_uri(f"/v1/api-clients/{client.code}/keys/{prefix}")
        return Response({"prefix": prefix, "key": None}, status=201, headers={"Location": location})


class ApiKeyView(ClientPart, SingleResource):
    """Eén sleutel."""

    access, item = {**READ, "DELETE": WRITE}, ApiKeySerializer
    takes_rights = True
    matched = frozenset()  # gone is gone, whatever was read before
    bodies = {"DELETE": (None, {204: None})}

    def thing(self) -> ApiKey:
        row = self.client().keys.filter(pk=self.kwargs["prefix"]).first()
        if row is None:
            raise NotFound()
        return row

    def delete(self, request: Request, clientCode: str, prefix: str) -> Response:
        """Trek de sleutel in; hij werkt meteen niet meer en blijft in de lijst staan."""
        _client, city = self.manageable()
        services.revoke_key(key=self.thing(), actor=self.principal.id, now=timezone.now(), municipality_code=city)
        return Response(status=204)


class MembershipsView(ClientPart, ListResource):
    """De rollen van een toepassing bij uw gemeente."""

    access, item, idempotent_store = {**READ, "POST": WRITE}, MembershipSerializer, "default"
    bodies = {"POST": (MembershipInputSerializer, {201: MembershipSerializer})}

    def rows(self) -> Rows:
        return RoleGrant.objects.filter(access.grants(self.principal), client=self.client()).order_by("id")

    def post(self, request: Request, clientCode: str) -> Response:
        """Geef de toepassing een rol."""
        return idempotency.once(request, store="default", produce=self._give)

    def _give(self) -> Response:
        client, _city = self.manageable()
        bound = self.given(MembershipInputSerializer)
        row = services.give_role(
            client=client, actor=self.principal.id, grant=bound.grant(self.principal, bound.validated_data)
        )
        location = self.request.build_absolute_uri(f"/v1/api-clients/{client.code}/memberships/{row.id}")
        return Response(self.shape(row), status=201, headers={"Location": location})


class MembershipView(ClientPart, SingleResource):
    """Eén rol van een toepassing."""

    access, item = {**READ, "DELETE": WRITE}, MembershipSerializer
    takes_rights = True
    matched = frozenset()  # gone is gone, whatever was read before
    bodies = {"DELETE": (None, {204: None})}

    def thing(self) -> RoleGrant:
        rows = RoleGrant.objects.filter(access.grants(self.principal), client=self.client())
        return self.numbered(rows, self.kwargs["membershipId"])

    def delete(self, request: Request, clientCode: str, membershipId: str) -> Response:
        """Neem de rol terug; de volgende aanvraag heeft haar al niet meer."""
        services.take_role(row=self.thing(), client=self.client(), actor=self.principal.id)
        return Response(status=204)
