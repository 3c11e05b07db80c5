"""A model as a graph for other programs: GraphML and Cytoscape JSON. Relations as their evidence makes them."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson

from factors.canonical import Content
from factors.evidence import Relation, StrengthScale, strength

_GRADED = StrengthScale(mode="graded")


def nodes_and_edges(
    content: Content, relations: tuple[Relation, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes with code, kind and names; edges with sign, strength and what is known of cause and order."""
    nodes: list[dict[str, Any]] = [
        {"id": row.code, "kind": row.kind, "nameNl": row.name_nl, "nameEn": row.name_en,
         "lifeDomains": "|".join(row.life_domains), "lifePhases": "|".join(row.life_phases)}
        for row in content.factors
    ]  # fmt: skip
    nodes += [{"id": row.code, "kind": "goal", "nameNl": row.name_nl, "nameEn": row.name_en} for row in content.goals]
    known = {node["id"] for node in nodes}
    edges = [
        {"id": f"{told.origin}-to-{told.target}", "source": told.origin, "target": told.target, "sign": told.sign,
         "strength": strength(told, _GRADED), "causal": told.causal, "sequenceInTime": told.sequence,
         "directed": told.directed, "testedNotFound": not told.active, "contested": told.contested,
         "tier": told.best_type}
        for told in relations if {told.origin, told.target} <= known
    ]  # fmt: skip
    return nodes, edges


def cytoscape(content: Content, relations: tuple[Relation, ...]) -> bytes:
    """The elements format of Cytoscape (js.cytoscape.org, "elements JSON")."""
    nodes, edges = nodes_and_edges(content, relations)
    elements = {"nodes": [{"data": node} for node in nodes], "edges": [{"data": edge} for edge in edges]}
    return orjson.dumps({"elements": elements})


def graphml(content: Content, relations: tuple[Relation, ...]) -> bytes:
    """GraphML 1.0 (graphml.graphdrawing.org), attributes declared per node and edge."""
    nodes, edges = nodes_and_edges(content, relations)
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for place, rows in (("node", nodes), ("edge", edges)):
        for name, kind in _attributes(rows).items():
            SubElement(root, "key", {"id": f"{place}-{name}", "for": place, "attr.name": name, "attr.type": kind})
    graph = SubElement(root, "graph", edgedefault="directed")
    for node in nodes:
        _told(SubElement(graph, "node", id=node["id"]), "node", node)
    for edge in edges:
        _told(SubElement(graph, "edge", {key: edge[key] for key in ("id", "source", "target")}), "edge", edge)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _attributes(rows: list[dict[str, Any]]) -> dict[str, str]:
    kinds = {bool: "boolean", int: "int", float: "double", str: "string"}
    return {
        name: kinds[type(value)]
        for row in rows for name, value in row.items() if name not in ("id", "source", "target")
    }  # fmt: skip


def _told(element: Element, place: str, row: dict[str, Any]) -> None:
    for name, value in row.items():
        if name not in ("id", "source", "target"):
            data = SubElement(element, "data", key=f"{place}-{name}")
            data.text = str(value).lower() if isinstance(value, bool) else str(value)
