from monitoring.models.aggregate import Aggregate, AggregateCheck, AggregateMark
from monitoring.models.area import Area, AreaMembership, AreaSuccession
from monitoring.models.correction import CorrectionEffect
from monitoring.models.indicator import DataSource, Indicator, IndicatorDefinition, IndicatorLink
from monitoring.models.ledger import AuditEntry, IdempotencyRecord, Job, Outbox, OutboxCursor
from monitoring.models.observation import Observation, ObservationHistory
from monitoring.models.observation_load import ObservationLoad
from monitoring.models.offering_fact import OfferingFact
from monitoring.models.plan import MeasurementPlan
from monitoring.models.release import DisclosureMinimum, Release, ReleaseBasis, ReleasedCell
from monitoring.models.report import OutcomeReport, OutcomeReportHistory, Receipt, ReportNote
from monitoring.models.result import ResultIndicator, SocietalResult
from monitoring.models.series import FigureState, ObservationSeries, ProfileDocument

__all__ = [
           "Aggregate",
           "AggregateCheck",
           "AggregateMark",
           "Area",
           "AreaMembership",
           "AreaSuccession",
           "AuditEntry",
           "CorrectionEffect",
           "DataSource",
           "DisclosureMinimum",
           "FigureState",
           "IdempotencyRecord",
           "Indicator",
           "IndicatorDefinition",
           "IndicatorLink",
           "Job",
           "MeasurementPlan",
           "Observation",
           "ObservationHistory",
           "ObservationLoad",
           "ObservationSeries",
           "OfferingFact",
           "Outbox",
           "OutboxCursor",
           "OutcomeReport",
           "OutcomeReportHistory",
           "ProfileDocument",
           "Receipt",
           "Release",
           "ReleaseBasis",
           "ReleasedCell",
           "ReportNote",
           "ResultIndicator",
           "SocietalResult",
]  # fmt: skip
