"""The administration: Django's admin, for accounts; code lists to look at. Nothing published can be changed here.

Who may come in and what is theirs is asked of the person (accounts.models.User), never of Django's own permissions.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

PARTS = {
    "accounts": gettext_lazy("Accounts"),
    "factors": gettext_lazy("Codelijsten van factoren"),
    "interventions": gettext_lazy("Codelijsten van interventies"),
    "monitoring": gettext_lazy("Codelijsten van cijfers"),
}


class Site(admin.AdminSite):
    site_header = site_title = gettext_lazy("Beheer van Factorenmodel")
    index_title = gettext_lazy("Accounts en codelijsten")
    site_url = "/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        person: Any = request.user
        return person.is_active and (person.is_superuser or bool(person.administered))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        return [app | {"name": PARTS.get(app["app_label"], app["name"])} for app in found]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One door for all pages. Somebody who is in already, but no administrator, finds nothing here."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise Http404()
        return redirect_to_login(reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return LogoutView.as_view(template_name="web/signed_out.html", http_method_names=["post", "options"])(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("change-password")


class Ours(admin.ModelAdmin):
    """What foreign is, is not there; and who did what stands in the audit by id, not in Django's own log by name."""

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any: ...

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True  # who has no leave at all does not pass Site.has_permission


class ReadOnly(Ours):
    """To look at; nothing can be added, changed or removed."""

    actions = None
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


site = admin.site
