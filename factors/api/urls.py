"""Routes of factors."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from factors.api import checks, code_lists, draft_parts, drafts, exchange, models, questions, ranking_urls


class VersionConverter(StringConverter):
    """`1.2.3`, `latest` or `draft`."""

    regex = "[0-9a-z][0-9a-z.-]*"


register_converter(VersionConverter, "version")
VERSION = "factor-models/<slug:code>/versions/<version:version>"

urlpatterns: list[URLPattern] = [
    path("pillars", code_lists.PillarsView.as_view()),
    path("domains", code_lists.DomainsView.as_view()),
    path("ambitions", code_lists.AmbitionsView.as_view()),
    path("life-phases", code_lists.LifePhasesView.as_view()),
    path("life-domains", code_lists.LifeDomainsView.as_view()),
    path("glossary", code_lists.GlossaryView.as_view()),
    path("pathways", questions.PathwaysView.as_view()),
    path("factor-model-template", exchange.FactorModelTemplateView.as_view()),
    path("factor-models", drafts.EditableFactorModelsView.as_view()),
    path("factor-models/<slug:code>", models.FactorModelView.as_view()),
    path("factor-models/<slug:code>/versions", drafts.EditableModelVersionsView.as_view()),
    path(VERSION, drafts.EditableModelVersionView.as_view()),
    path(f"{VERSION}/publication", drafts.PublicationView.as_view()),
    path(f"{VERSION}/withdrawal", drafts.WithdrawalView.as_view()),
    path(f"{VERSION}/content", exchange.ModelContentView.as_view()),
    path(f"{VERSION}/selection", questions.SelectionView.as_view()),
    path(f"{VERSION}/circles", questions.CirclesView.as_view()),
    path(f"{VERSION}/diff", questions.VersionDiffView.as_view()),
    path(f"{VERSION}/checks", checks.ModelChecksView.as_view()),
    path(f"{VERSION}/factors", draft_parts.ModelFactorsView.as_view()),
    path(f"{VERSION}/factors/<slug:factorCode>", draft_parts.ModelFactorView.as_view()),
    path(f"{VERSION}/goals", draft_parts.ModelGoalsView.as_view()),
    path(f"{VERSION}/goals/<slug:goalCode>", draft_parts.ModelGoalView.as_view()),
    path(f"{VERSION}/relations", draft_parts.ModelRelationsView.as_view()),
    path(f"{VERSION}/relations/<slug:fromCode>/<slug:toCode>", draft_parts.ModelRelationView.as_view()),
    path(f"{VERSION}/evidence", draft_parts.ModelEvidenceView.as_view()),
    path(f"{VERSION}/evidence/<slug:evidenceCode>", draft_parts.ModelEvidenceItemView.as_view()),
    path(f"{VERSION}/sources", draft_parts.ModelSourcesView.as_view()),
    path(f"{VERSION}/sources/<slug:sourceCode>", draft_parts.ModelSourceView.as_view()),
    *ranking_urls.urlpatterns,
]
