"""The front door of monitoring: plain values only. Raises StoreAway when its store does not answer."""

from monitoring.front.figures import AreaView, area, areas_above, areas_below
from monitoring.front.outcomes import released_reach, working_reach

__all__ = ["AreaView", "area", "areas_above", "areas_below", "released_reach", "working_reach"]
