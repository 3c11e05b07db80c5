"""Accounts in the administration: people and their roles; the rest to look at. All within the own municipalities."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import people
from accounts.models import AuditEntry, Client, Municipality, RoleGrant, User
from config.administration import Ours, ReadOnly

Rows = QuerySet[Any]


admin.site.unregister(Group)  # rights come from roles at a municipality alone


def own_municipalities(request: HttpRequest) -> Rows:
    """Those whose accounts this person looks after; a superuser all."""
    person: Any = request.user
    rows = Municipality.objects.all()
    return rows if person.is_superuser else rows.filter(code__in=person.administered)


def own_grants(request: HttpRequest) -> Rows:
    return RoleGrant.objects.filter(municipality__in=own_municipalities(request))


class GrantForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "role" in given and (given["role"] == "partner") != bool(given.get("organisation_code")):
            text = _("Een partner hoort bij een organisatie; andere rollen niet.")
            self.add_error("organisation_code", text)
        return given


class Grants(admin.TabularInline):
    """Roles are given and taken, not changed: so the audit tells each."""

    model, form, extra = RoleGrant, GrantForm, 0
    fields = ("role", "municipality", "organisation_code")
    verbose_name_plural = gettext_lazy("Rollen")

    def get_queryset(self, request: HttpRequest) -> Rows:
        return own_grants(request)

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if request.user.is_superuser else 1  # type: ignore[union-attr]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """At least one role here: a person without any would be nobody's to look after."""
        return super().get_formset(request, obj, **kwargs, validate_min=True)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "municipality":
            kwargs["queryset"] = own_municipalities(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and may_change(request, obj)


def may_change(request: HttpRequest, user: User) -> bool:
    """A password given to somebody who also works elsewhere would open doors that are not ours."""
    person: Any = request.user
    if person.is_superuser:
        return True
    elsewhere = RoleGrant.objects.filter(user=user).exclude(municipality__in=person.administered)
    return not user.is_superuser and user.grants.exists() and not elsewhere.exists()


@admin.register(User)
class People(Ours, UserAdmin):
    list_display = ("username", "is_active", "roles", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "email")
    ordering = ("username",)
    filter_horizontal = ()
    inlines = (Grants,)
    actions = None
    fieldsets = ((None, {"fields": ("username", "password", "email", "is_active", "is_superuser")}),)
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)

    @admin.display(description=gettext_lazy("rollen"))
    def roles(self, user: User) -> str:
        return ", ".join(str(row) for row in user.grants.all())

    def get_queryset(self, request: HttpRequest) -> Rows:
        people, person = User.objects.prefetch_related("grants"), request.user
        own = Exists(own_grants(request).filter(user_id=OuterRef("pk")))
        return people.order_by("username") if person.is_superuser else people.filter(own).order_by("username")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if request.user.is_superuser else ("is_superuser",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the audit names people by id; who leaves may no longer log in

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        before = people.told(User.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        request.told_before = before  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            people.note_grant(by=_by(request), row=row, given=True)
        for row in formset.deleted_objects:
            people.note_grant(by=_by(request), row=row, given=False)

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> None:  # type: ignore[override]
        people.audit(by=_by(request), action="user.registered", user=obj, after=people.told(obj))

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> None:  # type: ignore[override]
        """Called in the transaction of the change: by the form, or by the one that sets a password."""
        before = getattr(request, "told_before", None)
        if before is None:
            people.audit(by=_by(request), action="user.password-changed", user=obj)
        elif before != people.told(obj):
            people.audit(by=_by(request), action="user.changed", user=obj, before=before, after=people.told(obj))


def _by(request: HttpRequest) -> str:
    return people.actor(request.user)  # type: ignore[arg-type]


@admin.register(Municipality)
class Municipalities(ReadOnly):
    """Only who looks after the installation brings a municipality in; nobody removes one."""

    list_display = ("code", "name", "demo")
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> Rows:
        return own_municipalities(request).order_by("code")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser  # type: ignore[union-attr]


@admin.register(Client)
class Clients(ReadOnly):
    """Machine clients; keys and roles are given through the API, which shows a new key once."""

    list_display = ("code", "name", "demo")
    search_fields = ("code", "name")

    def get_queryset(self, request: HttpRequest) -> Rows:
        own = own_grants(request).filter(client_id=OuterRef("pk"))
        rows = Client.objects.order_by("code")
        return rows if request.user.is_superuser else rows.filter(Exists(own))  # type: ignore[union-attr]


@admin.register(AuditEntry)
class Audit(ReadOnly):
    """What was written down in the default store; both stores together: `GET /v1/audit-entries`."""

    list_display = ("at", "actor", "action", "resource", "resource_code", "municipality_code")
    list_filter = ("action",)
    search_fields = ("=actor", "=resource_code")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Rows:
        rows = AuditEntry.objects.order_by("-at", "-id")
        own = own_municipalities(request).values("code")
        return rows if request.user.is_superuser else rows.filter(municipality_code__in=own)  # type: ignore[union-attr]
