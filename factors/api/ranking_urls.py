"""Routes of rankings, what lies behind them, and the jobs that make them."""

from django.urls import URLPattern, path

from factors.api import comparisons, definitions, jobs, portfolios, published, rankings, scenarios

urlpatterns: list[URLPattern] = [
    path("ranking-definitions", definitions.RankingDefinitionsView.as_view()),
    path("ranking-definitions/<slug:code>", definitions.RankingDefinitionView.as_view()),
    path("rankings", rankings.RankingsView.as_view()),
    path("rankings/<slug:id>", rankings.RankingView.as_view()),
    path("rankings/<slug:id>/factors", rankings.RankingFactorsView.as_view()),
    path("rankings/<slug:id>/diff", comparisons.RankingDiffView.as_view()),
    path("rankings/<slug:id>/weight-changes", comparisons.RankingWeightsView.as_view()),
    path("rankings/<slug:id>/sources", comparisons.RankingSourcesView.as_view()),
    path("scenarios", scenarios.ScenariosView.as_view()),
    path("portfolios", portfolios.PortfoliosView.as_view()),
    path("published-rankings", published.PublishedRankingsView.as_view()),
    path("published-rankings/<slug:code>", published.PublishedRankingView.as_view()),
    path("jobs/<uuid:id>", jobs.JobView.as_view()),
]
