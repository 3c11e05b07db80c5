from interventions.models.codelist import EffectLevel, InterventionDatabase, ServiceType
from interventions.models.intervention import Intervention, InterventionFactor, Recognition
from interventions.models.offering import Agreement, Offering
from interventions.models.organisation import Organisation

__all__ = ["Agreement", "EffectLevel", "Intervention", "InterventionDatabase", "InterventionFactor", "Offering",
           "Organisation", "Recognition", "ServiceType"]  # fmt: skip
