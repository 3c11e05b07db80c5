"""All routes: the API under /v1, health and problem pages outside it."""

from django.urls import URLPattern, URLResolver, include, path

from config.administration import site
from config.api import problems
from config.api.document import openapi
from config.api.start import StartView
from config.health import livez, readyz
from config.pages import problem_page, security_txt

Routes = list[URLPattern | URLResolver]

v1: Routes = [
    path("", include("monitoring.api.urls")),
    path("", StartView.as_view()),
    path("openapi.json", openapi),
    path("", include("accounts.api.urls")),
    path("", include("factors.api.urls")),
    path("", include("interventions.api.urls")),
]
urlpatterns: Routes = [
    path("v1/", include(v1)),  # first, and deliveries first within: routes are tried in turn
    path("livez", livez),
    path("readyz", readyz),
    path("problems/<slug:code>", problem_page),
    path(".well-known/security.txt", security_txt),
    path("beheer/", site.urls),
    path("", include("web.urls")),
]

handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.not_found
handler500 = problems.server_error
