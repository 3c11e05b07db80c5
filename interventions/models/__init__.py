from interventions.models.codelist import EffectLevel, InterventionDatabase, ServiceType
from interventions.models.cover import CoverMark
from interventions.models.cycle import (
    AnalysisVersion,
    AreaAnalysis,
    DocumentFile,
    ImprovementAction,
    PlanOfAction,
    PlanVersion,
)
from interventions.models.dismissal import DuplicateDismissal
from interventions.models.intervention import Intervention, InterventionFactor, Recognition
from interventions.models.offering import Agreement, Offering
from interventions.models.organisation import Organisation

__all__ = [
    "Agreement",
    "AnalysisVersion",
    "AreaAnalysis",
    "CoverMark",
    "DocumentFile",
    "DuplicateDismissal",
    "EffectLevel",
    "ImprovementAction",
    "Intervention",
    "InterventionDatabase",
    "InterventionFactor",
    "Offering",
    "Organisation",
    "PlanOfAction",
    "PlanVersion",
    "Recognition",
    "ServiceType",
]
