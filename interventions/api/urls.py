"""Routes of interventions."""

from django.urls import URLPattern, path

from interventions.api import city_views as cities
from interventions.api import coverage_views as coverage
from interventions.api import views

urlpatterns: list[URLPattern] = [
    path("organisations", views.OrganisationsView.as_view()),
    path("organisations/<str:organisationCode>", views.OrganisationView.as_view()),
    path("effect-levels", views.EffectLevelsView.as_view()),
    path("intervention-databases", views.InterventionDatabasesView.as_view()),
    path("service-types", views.ServiceTypesView.as_view()),
    path("interventions", views.InterventionsView.as_view()),
    path("interventions/<str:interventionCode>", views.InterventionView.as_view()),
    path("offerings", views.OfferingsView.as_view()),
    path("offerings/<str:offeringCode>", views.OfferingView.as_view()),
    path("agreements", views.AgreementsView.as_view()),
    path("coverage/factors", coverage.CoverageFactorsView.as_view()),
    path("coverage/gaps", coverage.CoverageGapsView.as_view()),
    path("coverage/matrix", coverage.CoverageMatrixView.as_view()),
    path("coverage/priorities", cities.CoveragePrioritiesView.as_view()),
    path("coverage/diversity", cities.CoverageDiversityView.as_view()),
    path("coverage/overlaps", cities.CoverageOverlapsView.as_view()),
    path("coverage/expiring", cities.CoverageExpiringView.as_view()),
    path("coverage/changes", cities.CoverageChangesView.as_view()),
]
