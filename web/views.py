"""Start, signing in and out, and one's own page. Rights come from the roles of accounts, never from a page."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy

from accounts import public as accounts
from config.api import quota
from config.methods import read_only
from factors import public as factors


@read_only
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "web/start.html")


@read_only
def accessibility(request: HttpRequest) -> HttpResponse:
    contact = settings.SPECTACULAR_SETTINGS["CONTACT"]["email"]
    return render(request, "web/accessibility.html", {"contact_email": contact})


@read_only
def rankings(request: HttpRequest) -> HttpResponse:
    """The rankings that everybody may see."""
    return render(request, "web/rankings.html", {"rankings": factors.rankings_for_everybody()})


@read_only
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    """The factors of one ranking in order, each with its doubt."""
    found = factors.places_for_everybody(definition_code=_without_nul(code))
    if found is None:
        raise Http404()
    return render(request, "web/ranking.html", {"ranking": found[0], "places": found[1]})


@read_only
def why(request: HttpRequest, code: str, factor_code: str) -> HttpResponse:
    """Why one factor stands where it stands."""
    found = factors.why_this_factor(definition_code=_without_nul(code), factor_code=factor_code)
    if found is None:
        raise Http404()
    return render(request, "web/why.html", {"why": found})


def _without_nul(code: str) -> str:
    if "\x00" in code:
        raise Http404()  # PostgreSQL keeps no NUL, so nothing can have this name
    return code


@read_only
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Who I am here and what I may do, with the names of municipalities."""
    return render(request, "web/mine.html", accounts.my_account(user_id=str(request.user.pk)))


class SignIn(auth_views.LoginView):
    """Name and password. Guesses are limited per name and address (django-axes) and per address."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        usage = quota.count(quota.sign_in_buckets(quota.address(request)))
        if usage and usage.violated:
            answer = render(request, "web/locked_out.html", status=429)
            answer["Retry-After"] = str(usage.seconds)
            return answer
        return super().post(request, *args, **kwargs)


class SignOut(auth_views.LogoutView):
    template_name = "web/signed_out.html"
    http_method_names = ["post", "options"]


class ChangePassword(auth_views.PasswordChangeView):
    """Other sessions of the same person end (Django ties a session to the password)."""

    template_name = "web/change_password.html"
    success_url = reverse_lazy("mine")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        accounts.note_password_changed(user_id=str(self.request.user.pk))
        return answer
