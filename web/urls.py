"""Pages for people, outside /v1: Dutch paths, no script needed."""

from django.urls import path

from config.methods import takes
from web import partners, views
from web.assets import asset

form = takes("GET", "HEAD", "POST")

urlpatterns = [
    path("", views.start, name="start"),
    path("toegankelijkheid", views.accessibility, name="accessibility"),
    path("waarom", views.rankings, name="rankings"),
    path("waarom/<str:code>", views.ranking, name="ranking"),
    path("waarom/<str:code>/<str:factor_code>", views.why, name="why"),
    path("inloggen", form(views.SignIn.as_view()), name="sign-in"),
    path("uitloggen", takes("POST")(views.SignOut.as_view()), name="sign-out"),
    path("mijn", views.mine, name="mine"),
    path("mijn/wachtwoord", form(views.ChangePassword.as_view()), name="change-password"),
    path("mijn/aanbod", partners.offerings, name="offerings"),
    path("mijn/aanbod/sjabloon", partners.template, name="outcome-template"),
    path("mijn/aanleveren", partners.deliver, name="deliver"),
    path("mijn/bonnen/<uuid:receipt_id>", partners.receipt, name="receipt"),
    path("assets/<path:name>", asset),
]
