"""The evidence checks of a version, as its editor and its readers see them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from config.api.fields import Codes
from config.api.query import ListQuery
from factors.api.version_parts import VersionPart
from factors.api.words import notice_text
from factors.checks import OLD, check
from factors.register import said_by


class ModelCheckSerializer(serializers.Serializer):
    severity = serializers.CharField(help_text="error: staat publiceren in de weg; warning: kijk ernaar.")
    code = serializers.CharField()
    part = serializers.CharField(help_text="factors, goals, relations, evidence of sources.")
    key = serializers.CharField(help_text="De rij: haar pad onder `part`.")
    about = Codes(help_text="Wat er verder een rol speelt.")
    detail = serializers.SerializerMethodField()

    def get_detail(self, notice: Any) -> str:
        return notice_text(notice)


class ModelChecksQuery(ListQuery):
    severity = serializers.ChoiceField(["error", "warning"], required=False, help_text="Alleen deze.")
    olderThan = serializers.IntegerField(
        min_value=1, max_value=200, default=OLD, help_text="Na hoeveel jaar een bron oud heet."
    )


class ModelChecksView(VersionPart):
    """Controle van het bewijs in een modelversie: fouten staan publiceren in de weg, waarschuwingen niet."""

    query, item, cache = ModelChecksQuery, ModelCheckSerializer, "no-store"

    def rows(self) -> Any:
        notices = check(said_by(self.version), year=timezone.now().year, old=self.params["olderThan"])
        return [notice for notice in notices if self.params.get("severity") in (None, notice.severity)]
