"""The front door of monitoring: plain values only. Raises StoreAway when its store does not answer."""

from monitoring.front.cycle import (
    IndicatorFinding,
    NewFigure,
    ResultIndicatorView,
    ResultView,
    area_findings,
    figures_since,
    measure_labels,
    measures_that_fit,
    offerings_with_plan,
    result_statements,
    results_of,
)
from monitoring.front.delivered import PlannedMeasure, ReachParts, last_reported, plan_kept, reach_parts
from monitoring.front.figures import AreaView, area, areas_above, areas_below
from monitoring.front.local import CitedObservation, LocalValue, local_values, tell_prevalence
from monitoring.front.needs import FactorNeed, IndicatorVerdict, factor_needs
from monitoring.front.outcomes import released_reach, working_reach
from monitoring.front.partners import PartnerFigure, released_scores
from monitoring.front.places import PlaceView, city_places, places_stamp

__all__ = [
    "AreaView",
    "CitedObservation",
    "FactorNeed",
    "IndicatorFinding",
    "IndicatorVerdict",
    "LocalValue",
    "NewFigure",
    "PartnerFigure",
    "PlaceView",
    "PlannedMeasure",
    "ReachParts",
    "ResultIndicatorView",
    "ResultView",
    "area",
    "area_findings",
    "areas_above",
    "areas_below",
    "city_places",
    "factor_needs",
    "figures_since",
    "last_reported",
    "local_values",
    "measure_labels",
    "measures_that_fit",
    "offerings_with_plan",
    "places_stamp",
    "plan_kept",
    "reach_parts",
    "released_reach",
    "released_scores",
    "result_statements",
    "results_of",
    "tell_prevalence",
    "working_reach",
]
