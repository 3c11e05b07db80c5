"""The root of the API: what there is and where."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.response import Response

from config.api.access import Public
from config.api.resources import Resource


class StartSerializer(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.CharField()
    documentUrl = serializers.URLField(help_text="De OpenAPI-beschrijving.")


class StartView(Resource):
    """Begin van de API."""

    access = {"GET": Public("start.read")}
    item = StartSerializer
    tag = "config.api"

    def get(self, request: Any) -> Response:
        url = request.build_absolute_uri("/v1/openapi.json")
        return Response({"name": "Factorenmodel", "version": settings.API_VERSION, "documentUrl": url})
