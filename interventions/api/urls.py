"""Routes of interventions."""

from django.urls import URLPattern, path

from interventions.api import area_gaps, delivery, dismissals, duplicates, entering, supply_files, views
from interventions.api import city_views as cities
from interventions.api import coverage_views as coverage
from interventions.api import cycle_analyses as analyses
from interventions.api import cycle_plans as plans

urlpatterns: list[URLPattern] = [
    path("organisations", entering.EnteredOrganisationsView.as_view()),
    path("organisations/<str:organisationCode>", entering.EnteredOrganisationView.as_view()),
    path("effect-levels", views.EffectLevelsView.as_view()),
    path("intervention-databases", views.InterventionDatabasesView.as_view()),
    path("service-types", views.ServiceTypesView.as_view()),
    path("interventions", entering.EnteredInterventionsView.as_view()),
    path("interventions/<str:interventionCode>", entering.EnteredInterventionView.as_view()),
    path("intervention-duplicates", duplicates.InterventionDuplicatesView.as_view()),
    path("duplicate-dismissals", dismissals.DuplicateDismissalsView.as_view()),
    path("duplicate-dismissals/<uuid:dismissalId>", dismissals.DuplicateDismissalView.as_view()),
    path("offerings", entering.EnteredOfferingsView.as_view()),
    path("offerings/<str:offeringCode>", entering.EnteredOfferingView.as_view()),
    path("organisations/<str:organisationCode>/delivery", delivery.OrganisationDeliveryView.as_view()),
    path("offerings/<str:offeringCode>/delivery", delivery.OfferingDeliveryView.as_view()),
    path("supply-files", supply_files.SupplyFilesView.as_view()),
    path("supply-files/template", supply_files.SupplyTemplateView.as_view()),
    path("agreements", entering.EnteredAgreementsView.as_view()),
    path("agreements/<str:agreementCode>", entering.EnteredAgreementView.as_view()),
    path("coverage/factors", coverage.CoverageFactorsView.as_view()),
    path("coverage/gaps", coverage.CoverageGapsView.as_view()),
    path("coverage/area-gaps", area_gaps.CoverageAreaGapsView.as_view()),
    path("coverage/matrix", coverage.CoverageMatrixView.as_view()),
    path("coverage/priorities", cities.CoveragePrioritiesView.as_view()),
    path("coverage/diversity", cities.CoverageDiversityView.as_view()),
    path("coverage/overlaps", cities.CoverageOverlapsView.as_view()),
    path("coverage/expiring", cities.CoverageExpiringView.as_view()),
    path("coverage/changes", cities.CoverageChangesView.as_view()),
    path("area-analyses", analyses.AreaAnalysesView.as_view()),
    path("area-analyses/<uuid:documentId>", analyses.AreaAnalysisView.as_view()),
    path("area-analyses/<uuid:documentId>/versions/<int:number>", analyses.AreaAnalysisVersionView.as_view()),
    path("area-analyses/<uuid:documentId>/diff", analyses.AreaAnalysisDiffView.as_view()),
    path("area-analyses/<uuid:documentId>/editions", analyses.AreaAnalysisEditionsView.as_view()),
    path("area-analyses/<uuid:documentId>/editions/<str:edition>", analyses.AreaAnalysisEditionView.as_view()),
    path("area-analyses/<uuid:documentId>/documents", analyses.AreaAnalysisDocumentsView.as_view()),
    path("plans-of-action", plans.PlansOfActionView.as_view()),
    path("plans-of-action/<uuid:documentId>", plans.PlanOfActionView.as_view()),
    path("plans-of-action/<uuid:documentId>/diff", plans.PlanOfActionDiffView.as_view()),
    path("plans-of-action/<uuid:documentId>/editions", plans.PlanOfActionEditionsView.as_view()),
    path("plans-of-action/<uuid:documentId>/editions/<str:edition>", plans.PlanOfActionEditionView.as_view()),
    path("plans-of-action/<uuid:documentId>/versions/<int:number>", plans.PlanOfActionVersionView.as_view()),
    path("plans-of-action/<uuid:documentId>/documents", plans.PlanOfActionDocumentsView.as_view()),
    path("improvement-actions", plans.ImprovementActionsView.as_view()),
    path("improvement-actions/<uuid:actionId>", plans.ImprovementActionView.as_view()),
    path("reminders", plans.RemindersView.as_view()),
]
