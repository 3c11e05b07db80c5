"""Routes of interventions."""

from django.urls import URLPattern, path

from interventions.api import city_views as cities
from interventions.api import coverage_views as coverage
from interventions.api import delivery, entering, views

urlpatterns: list[URLPattern] = [
    path("organisations", entering.EnteredOrganisationsView.as_view()),
    path("organisations/<str:organisationCode>", entering.EnteredOrganisationView.as_view()),
    path("effect-levels", views.EffectLevelsView.as_view()),
    path("intervention-databases", views.InterventionDatabasesView.as_view()),
    path("service-types", views.ServiceTypesView.as_view()),
    path("interventions", entering.EnteredInterventionsView.as_view()),
    path("interventions/<str:interventionCode>", entering.EnteredInterventionView.as_view()),
    path("offerings", entering.EnteredOfferingsView.as_view()),
    path("offerings/<str:offeringCode>", entering.EnteredOfferingView.as_view()),
    path("organisations/<str:organisationCode>/delivery", delivery.OrganisationDeliveryView.as_view()),
    path("offerings/<str:offeringCode>/delivery", delivery.OfferingDeliveryView.as_view()),
    path("agreements", entering.EnteredAgreementsView.as_view()),
    path("agreements/<str:agreementCode>", entering.EnteredAgreementView.as_view()),
    path("coverage/factors", coverage.CoverageFactorsView.as_view()),
    path("coverage/gaps", coverage.CoverageGapsView.as_view()),
    path("coverage/matrix", coverage.CoverageMatrixView.as_view()),
    path("coverage/priorities", cities.CoveragePrioritiesView.as_view()),
    path("coverage/diversity", cities.CoverageDiversityView.as_view()),
    path("coverage/overlaps", cities.CoverageOverlapsView.as_view()),
    path("coverage/expiring", cities.CoverageExpiringView.as_view()),
    path("coverage/changes", cities.CoverageChangesView.as_view()),
]
