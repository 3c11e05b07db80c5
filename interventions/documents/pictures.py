"""Charts of the documents as SVG: each figure is written out, none is only a colour or a height. Pure."""

import re
from collections.abc import Sequence
from html import escape

from interventions.analysis_words import number
from interventions.documents.blocks import Chart

WIDTH, ROW = 640, 58
COLOURS = {"worse": "#b35c00", "better": "#2b7a2e", "higher": "#3a5f9a", "lower": "#3a5f9a"}
OTHER = "#a9a9a9"
LEFT, RIGHT, TOP, BOTTOM = 40, 60, 34, 120
Bar = tuple[str, float, float, str, int]
Point = tuple[str, float]


def bars(title: str, rows: Sequence[Bar]) -> Chart:
    """Figures in percent beside what they are compared with: (name, own, other, verdict, decimals)."""
    said = "; ".join(f"{name}: {number(own, digits)} tegen {number(other, digits)}"
                     for name, own, other, _word, digits in rows)  # fmt: skip
    drawn = "".join(_bar(place * ROW, row) for place, row in enumerate(rows))
    return _chart(title, f"{title}. {said}.", len(rows) * ROW, drawn)


def _bar(top: int, row: Bar) -> str:
    name, own, other, word, digits = row
    wide, beside = (round(min(max(value, 0), 100) * 5.6, 1) for value in (own, other))
    return (
        _text(0, top + 14, name[:90])
        + f'<rect x="0" y="{top + 19}" width="{wide}" height="13" fill="{COLOURS.get(word, "#555555")}"/>'
        + _text(wide + 5, top + 30, number(own, digits), size=11)
        + f'<rect x="0" y="{top + 34}" width="{beside}" height="9" fill="{OTHER}"/>'
        + _text(beside + 5, top + 43, number(other, digits), size=11)
    )


def course(title: str, unit: str, decimals: int, points: Sequence[Point], line: Sequence[Point]) -> Chart:
    """What was measured (dots) and the straight line from baseline to goal; both as (period, value), by time."""
    measured = ", ".join(f"{period}: {number(value, decimals)}" for period, value in points) or "nog niets"
    wanted = " naar ".join(f"{number(value, decimals)} in {period}" for period, value in line) or "niet bekend"
    title = f"{title}, {unit}: gemeten (lijn met stippen) en gewenst (streepjes naar het doel)"
    told = f"{title}. Gemeten: {measured}. Gewenst verloop: van {wanted}."
    spots = [*points, *line]
    if not spots:
        return _chart(title, told, 20, _text(0, 14, "Nog geen cijfers."))
    frame = _frame(spots)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_spot(one, frame) for one in line))
    drawn = f'<polyline points="{path}" fill="none" stroke="#767676" stroke-width="2" stroke-dasharray="6 4"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_spot(one, frame) for one in points))
    drawn += f'<polyline points="{path}" fill="none" stroke="#1b4b82" stroke-width="2"/>'
    drawn += "".join(_mark(one, frame, decimals) for one in points)
    drawn += "".join(_mark(one, frame, decimals, goal=True) for one in line[1:])
    return _chart(title, told, BOTTOM + 40, drawn)


Frame = tuple[float, float, float, float]


def _frame(spots: Sequence[Point]) -> Frame:
    moments, values = [_moment(period) for period, _value in spots], [value for _period, value in spots]
    return min(moments), max(moments), min(values), max(values)


def _moment(period: str) -> float:
    """Where a period (ISO) lies on the line of time, in years: 2024, 2024-Q3, 2024-07, 2023/2024."""
    found = re.match(r"(\d{4})(?:-Q(\d)|-(\d{2}))?", period)
    if not found:
        return 0.0
    year, quarter, month = found.groups()
    return int(year) + (int(quarter) - 1) / 4 if quarter else int(year) + (int(month) - 1) / 12 if month else int(year)


def _spot(one: Point, frame: Frame) -> tuple[float, float]:
    first, last, low, high = frame
    across = (_moment(one[0]) - first) / (last - first) if last > first else 0.5
    up = (one[1] - low) / (high - low) if high > low else 0.5
    return LEFT + across * (WIDTH - LEFT - RIGHT), BOTTOM - up * (BOTTOM - TOP)


def _mark(one: Point, frame: Frame, decimals: int, *, goal: bool = False) -> str:
    x, y = _spot(one, frame)
    dot = (f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#fff" stroke="#767676" '
           'stroke-width="2"/>' if goal else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#1b4b82"/>')  # fmt: skip
    value = f"doel {number(one[1], decimals)}" if goal else number(one[1], decimals)
    return dot + _text(x, y - 10, value, size=12, middle=True) + _text(x, BOTTOM + 28, one[0], size=12, middle=True)


def _text(x: float, y: float, text: str, *, size: int = 13, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}"{anchor}>{escape(text)}</text>'


def _chart(title: str, told: str, height: int, drawn: str) -> Chart:
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(told)}" '
            f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">')  # fmt: skip
    return Chart(title, f"{head}{drawn}</svg>", told)
