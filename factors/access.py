"""Who may see what of the register (DOMAIN.md §10): the public what is published, a municipality its drafts too."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from config.api.access import Principal
from factors.models import ModelVersion

INSIDE = frozenset({"account-holder", "area-adviser", "data-steward", "model-editor", "administrator"})
"""Roles that see what a municipality has not published."""

EDITORS = frozenset({"model-editor"})
"""Roles that change models."""


def principal_of(request: Any) -> Principal:
    """Who asks."""
    found: Principal = request.user
    return found


def own(principal: Principal, field: str = "municipality_code") -> Q:
    """Rows of the municipalities where the principal works; of shared rows what model editors prepare."""
    codes = set(principal.municipalities(INSIDE))
    return Q(**{f"{field}__in": codes | ({""} if principal.may("models.write") else set())})


def visible_models(principal: Principal) -> Q:
    """Models with something published, and own ones."""
    published = ModelVersion.objects.frozen().filter(model_id=OuterRef("pk"))
    return Q(Exists(published)) | own(principal)


def visible_versions(principal: Principal) -> Q:
    """Versions ever published, and own drafts."""
    return Q(status__in=["published", "withdrawn"]) | own(principal, "model__municipality_code")


def visible_definitions(principal: Principal) -> Q:
    """Shared ranking definitions, and own ones."""
    return Q(municipality_code="") | own(principal)


def visible_snapshots(principal: Principal) -> Q:
    """Rankings of versions ever published, and own ones."""
    return Q(of_published_version()) | own(principal)


def of_published_version() -> Exists:
    """Of a ranking: whether everybody may see it."""
    frozen = ModelVersion.objects.frozen()
    return Exists(frozen.filter(model_id=OuterRef("model_code"), version=OuterRef("model_version")))


def editable_models(principal: Principal) -> Q:
    """Models of the municipalities for which the principal edits."""
    return Q(municipality_code__in=principal.municipalities(EDITORS))


def owned(principal: Principal, municipality_code: str) -> bool:
    """Whether the principal may change the models of this municipality; nobody changes shared ones through the API."""
    return municipality_code in principal.municipalities(EDITORS)
