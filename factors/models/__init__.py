from factors.models.codelist import (
    Ambition,
    Domain,
    FactorSynonym,
    GlossaryTerm,
    LifeDomain,
    LifePhase,
    Pillar,
)
from factors.models.published import PublishedRanking, PublishedRankingItem
from factors.models.ranking import RankingDefinition, RankingMark, RankingSnapshot
from factors.models.version import (
    FactorModel,
    ModelVersion,
    VersionEvidence,
    VersionFactor,
    VersionGoal,
    VersionPart,
    VersionRelation,
    VersionSource,
)

__all__ = [
    "Ambition",
    "Domain",
    "FactorModel",
    "FactorSynonym",
    "GlossaryTerm",
    "LifeDomain",
    "LifePhase",
    "ModelVersion",
    "Pillar",
    "PublishedRanking",
    "PublishedRankingItem",
    "RankingDefinition",
    "RankingMark",
    "RankingSnapshot",
    "VersionEvidence",
    "VersionFactor",
    "VersionGoal",
    "VersionPart",
    "VersionRelation",
    "VersionSource",
]
