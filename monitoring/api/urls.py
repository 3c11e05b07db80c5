"""Routes of monitoring."""

from django.urls import URLPattern, path

from monitoring.api.plans import MeasurementPlansView
from monitoring.api.reports import OutcomeReportsView, OutcomeReportView, ReceiptView

urlpatterns: list[URLPattern] = [
    path("measurement-plans", MeasurementPlansView.as_view()),
    path("outcome-reports", OutcomeReportsView.as_view()),
    path("outcome-reports/<uuid:reportId>", OutcomeReportView.as_view()),
    path("receipts/<uuid:receiptId>", ReceiptView.as_view()),
]
