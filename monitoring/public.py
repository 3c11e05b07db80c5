"""The front door of monitoring: plain values only. Raises StoreAway when its store does not answer."""

from monitoring.front.figures import AreaView, area, areas_above, areas_below

__all__ = ["AreaView", "area", "areas_above", "areas_below"]
