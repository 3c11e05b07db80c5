"""Routes of monitoring."""

from django.urls import URLPattern, path

from monitoring.api.aggregate_states import AggregateStatesView
from monitoring.api.aggregates import OutcomeAggregatesView
from monitoring.api.areas import AreaGroupsView, AreaGroupView, AreasView, AreaView
from monitoring.api.benchmarks import AreaBenchmarksView
from monitoring.api.combinations import CombinationsView
from monitoring.api.completeness import CompletenessView, OrganisationCompletenessView
from monitoring.api.data_gaps import DataGapsView
from monitoring.api.disclosure_minimums import DisclosureMinimumsView
from monitoring.api.effects import ReceiptEffectsView, ReportEffectsView
from monitoring.api.geometries import AreaGeometryView, CrssView
from monitoring.api.indicators import IndicatorsView, IndicatorView
from monitoring.api.observation_files import (
    ObservationBatchView,
    ObservationFileRowsView,
    ObservationFilesView,
    ObservationFileView,
)
from monitoring.api.observations import ObservationsView
from monitoring.api.outcome_files import OutcomeFilesView, OutcomeTemplateView
from monitoring.api.plans import MeasurementPlansView, MeasurementPlanView, PlanProposalView
from monitoring.api.profiles import AreaProfileView
from monitoring.api.releases import ReleasesView, ReleaseView
from monitoring.api.reports import (
    OutcomeBatchView,
    OutcomeReportsView,
    OutcomeReportView,
    ReceiptView,
    ReportByExternalIdView,
)
from monitoring.api.results import ResultProgressView, SocietalResultsView, SocietalResultView
from monitoring.api.reviews import ReportNotesView, ReportReviewsView

urlpatterns: list[URLPattern] = [
    path("outcome-reports", OutcomeReportsView.as_view()),
    path("outcome-reports/_batch", OutcomeBatchView.as_view()),
    # own ids may hold a slash: encoded in the address, it is one again before it is routed
    path("outcome-reports/by-external-id/<path:externalId>", ReportByExternalIdView.as_view()),
    path("outcome-reports/<uuid:reportId>", OutcomeReportView.as_view()),
    path("outcome-reports/<uuid:reportId>/effects", ReportEffectsView.as_view()),
    path("outcome-reports/<uuid:reportId>/notes", ReportNotesView.as_view()),
    path("outcome-reports/<uuid:reportId>/reviews", ReportReviewsView.as_view()),
    path("areas", AreasView.as_view()),
    path("areas/<str:areaCode>", AreaView.as_view()),
    path("areas/<str:areaCode>/profile", AreaProfileView.as_view()),
    path("crss", CrssView.as_view()),
    path("areas/<str:areaCode>/geometry", AreaGeometryView.as_view()),
    path("areas/<str:areaCode>/benchmarks", AreaBenchmarksView.as_view()),
    path("combinations", CombinationsView.as_view()),
    path("areas/<str:areaCode>/data-gaps", DataGapsView.as_view()),
    path("area-groups", AreaGroupsView.as_view()),
    path("area-groups/<str:groupCode>", AreaGroupView.as_view()),
    path("indicators", IndicatorsView.as_view()),
    path("indicators/<str:indicatorCode>", IndicatorView.as_view()),
    path("observations", ObservationsView.as_view()),
    path("observations/_batch", ObservationBatchView.as_view()),
    path("observation-files", ObservationFilesView.as_view()),
    path("observation-files/<uuid:fileId>", ObservationFileView.as_view()),
    path("observation-files/<uuid:fileId>/rows", ObservationFileRowsView.as_view()),
    path("measurement-plans", MeasurementPlansView.as_view()),
    path("measurement-plans/proposal", PlanProposalView.as_view()),
    path("measurement-plans/<int:planId>", MeasurementPlanView.as_view()),
    path("completeness", CompletenessView.as_view()),
    path("completeness/organisations", OrganisationCompletenessView.as_view()),
    path("outcome-files", OutcomeFilesView.as_view()),
    path("outcome-files/template", OutcomeTemplateView.as_view()),
    path("receipts/<uuid:receiptId>", ReceiptView.as_view()),
    path("receipts/<uuid:receiptId>/effects", ReceiptEffectsView.as_view()),
    path("outcome-aggregates/state", AggregateStatesView.as_view()),
    path("outcome-aggregates", OutcomeAggregatesView.as_view()),
    path("disclosure-minimums", DisclosureMinimumsView.as_view()),
    path("releases", ReleasesView.as_view()),
    path("releases/<uuid:releaseId>", ReleaseView.as_view()),
    path("societal-results", SocietalResultsView.as_view()),
    path("societal-results/<uuid:resultId>", SocietalResultView.as_view()),
    path("societal-results/<uuid:resultId>/progress", ResultProgressView.as_view()),
]
