"""Indicators and areas beside what names them (`expand`), as their own lists show them."""

from collections.abc import Mapping
from typing import Any

from config.api.access import Principal
from config.api.sparse import Expansion
from monitoring.api.areas import AreaSerializer, parents_of
from monitoring.api.indicators import IndicatorSerializer, visible_indicators
from monitoring.models import Area


def indicators(asker: Principal, codes: frozenset[str]) -> Mapping[str, Any]:
    """Those the caller may see. Three queries."""
    found = IndicatorSerializer(visible_indicators(asker).filter(code__in=codes), many=True).data
    return {row["code"]: row for row in found}


def areas(_asker: Principal, codes: frozenset[str]) -> Mapping[str, Any]:
    """The newest vintage of each; shared by all. Three queries."""
    rows = list(Area.objects.filter(code__in=codes).newest())
    found = AreaSerializer(rows, many=True, context={"parents": parents_of(rows)}).data
    return {row["code"]: row for row in found}


INDICATOR = Expansion("indicatorCode", indicators)
AREA = Expansion("areaCode", areas)
