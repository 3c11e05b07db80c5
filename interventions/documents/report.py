"""The analysis as a page to read: every number in it stands in the JSON, every chart has a table and a text."""

from typing import Any

from interventions.analysis_words import KINDS, LIFE_DOMAINS, PHASES, WORDS, number
from interventions.documents.page import Html, bars, bullets, page, paragraphs, table, tag
from interventions.documents.workbook import sections

Json = dict[str, Any]
HEAD = ("Indicator", "Periode", "Gebied", "Waarde", "Vergeleken met", "Waarde daar", "Oordeel", "Bron")
FACTORS = ("Factor", "Soort", "Rang", "Levensfasen", "Leefgebieden")


def report(analysis: Json) -> bytes:
    """An HTML page of one version of an analysis, given as the API answers it."""
    said = [tag("h2", title) + bullets(lines) for title, lines in sections(analysis)]
    pillars = [part for pillar in analysis["draft"]["pillars"] for part in _pillar(pillar, analysis["draft"])]
    return page(analysis["title"], _about(analysis), *map(Html, said), *pillars, _changes(analysis))


def _about(analysis: Json) -> Html:
    draft = analysis["draft"]
    inputs = draft["inputs"]
    return paragraphs((
        f"{draft['area']['name']} ({analysis['areaCode']}), versie {analysis['version']}, "
        f"{'uitgave ' + analysis['edition'] if analysis['edition'] else 'werkversie'}. "
        f"Cijfers gelezen op {draft['day']}.",
        f"Factorenmodel {inputs['modelCode']} {inputs['modelVersion']}, rangschikking {inputs['snapshotId']}. "
        f"Controlegetal {analysis['checksum']}.",
        "Een verschil alleen is nog geen probleem: het oordeel is aan mensen die het gebied kennen.",
    ))  # fmt: skip


def _pillar(pillar: Json, draft: Json) -> list[Html]:
    parts = [tag("h2", f"Pijler {pillar['name']}")]
    for domain in pillar["domains"]:
        parts.append(tag("h3", domain["name"]))
        if not domain["indicators"]:
            parts.append(tag("p", "Over dit domein zijn hier geen cijfers."))
            continue
        parts += [*_chart(domain), table(f"Cijfers over {domain['name']}", HEAD,
                                         [_row(one, draft) for one in domain["indicators"]])]  # fmt: skip
        if domain["factors"]:
            parts.append(
                table(f"Factoren achter {domain['name']}", FACTORS, [_factor(one) for one in domain["factors"]])
            )
    return parts


def _chart(domain: Json) -> list[Html]:
    shown = [one for one in domain["indicators"] if one["unit"] == "percent" and one["againstValue"] is not None]
    rows = [(one["name"], one["comparedValue"], one["againstValue"], one["verdict"]) for one in shown]
    return (
        [bars(f"{domain['name']}: gekleurd het gebied, grijs waarmee het is vergeleken, in procenten", rows)]
        if rows
        else []
    )


def _row(one: Json, draft: Json) -> list[object]:
    value = one["value"] if one["comparedValue"] is None else one["comparedValue"]
    shown = number(value, one["decimals"])
    return [one["name"], one["period"], one["comparedName"] or draft["area"]["name"],
            tag("td", shown, class_=f"n {one['verdict']}"), one["againstName"] or "–",
            tag("td", number(one["againstValue"], one["decimals"]), class_="n"), WORDS[one["verdict"]],
            one["source"]]  # fmt: skip


def _factor(one: Json) -> list[object]:
    return [one["name"], KINDS.get(one["kind"], one["kind"]), one["denseRank"] or "–",
            ", ".join(PHASES.get(code, code) for code in one["lifePhases"]),
            ", ".join(LIFE_DOMAINS.get(code, code) for code in one["lifeDomains"])]  # fmt: skip


def _changes(analysis: Json) -> Html:
    rows = [(one["version"], one["madeAt"], one["why"], one["edition"] or "–") for one in analysis["changeLog"]]
    return Html(tag("h2", "Wijzigingen") + table("Versies", ("Versie", "Wanneer", "Waarom", "Uitgave"), rows))
