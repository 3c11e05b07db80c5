"""A series or a profile as an SVG picture with title, description and source. Pure; no script, no outside font.

Series of different definitions are different lines and never joined; a missing figure leaves a gap in the marks only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from monitoring.periods import Period

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 64, 24, 64, 72
COLOURS = ("#1b4b82", "#a6370b", "#2d6a2d", "#6b3fa0")
DASHES = ("", "8 4", "2 3", "10 3 2 3")  # no meaning by colour alone
ROW = 28


@dataclass(frozen=True)
class Line:
    """One series: its name and its figures in the order of time."""

    name: str
    points: tuple[tuple[Period, float], ...]


@dataclass(frozen=True)
class Bar:
    """One row of a profile. other: the figure it is set beside; text: value with unit; verdict: in words."""

    name: str
    value: str
    other: str
    verdict: str


def number(value: float, decimals: int, language: str = "nl") -> str:
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "nl" else text


def line_chart(*, title: str, unit: str, source: str, lines: Sequence[Line], decimals: int, language: str) -> str:
    """The series over time. The description lists every figure, so that who cannot see the picture misses nothing."""
    shown = [line for line in lines if line.points]
    told = "; ".join(f"{line.name}: " + ", ".join(f"{period.iso} {number(value, decimals, language)}"
                     for period, value in line.points) for line in shown)  # fmt: skip
    body = _axes(shown, decimals, language) if shown else ""
    body += "".join(_line(at, line, shown) for at, line in enumerate(shown))
    return _picture(title, f"{title} ({unit}). {told}", source, HEIGHT, body)


def _bounds(lines: Sequence[Line]) -> tuple[int, int, float, float]:
    days = [period.start.toordinal() for line in lines for period, _value in line.points]
    values = [value for line in lines for _period, value in line.points]
    low, high = min(0.0, *values), max(0.0, *values)
    return min(days), max(days), low, high if high > low else low + 1


def _at(period: Period, value: float, bounds: tuple[int, int, float, float]) -> tuple[float, float]:
    first, last, low, high = bounds
    across = (period.start.toordinal() - first) / (last - first) if last > first else 0.5
    up = (value - low) / (high - low)
    return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def _axes(lines: Sequence[Line], decimals: int, language: str) -> str:
    bounds = _bounds(lines)
    low, high = bounds[2:]
    bottom = HEIGHT - BOTTOM
    found = [f'<line x1="{LEFT}" y1="{bottom}" x2="{WIDTH - RIGHT}" y2="{bottom}" stroke="#555"/>']
    for step in range(5):
        value = low + (high - low) * step / 4
        y = bottom - (bottom - TOP) * step / 4
        found.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        found.append(_text(LEFT - 8, y + 4, number(value, decimals, language), anchor="end"))
    periods = sorted({period for line in lines for period, _value in line.points}, key=lambda period: period.start)
    for period in periods[:: max(1, len(periods) // 8)]:
        found.append(_text(_at(period, low, bounds)[0], bottom + 18, period.iso[:10], anchor="middle"))
    return "".join(found)


def _line(at: int, line: Line, lines: Sequence[Line]) -> str:
    bounds, colour, dash = _bounds(lines), COLOURS[at % 4], DASHES[at % 4]
    places = [_at(period, value, bounds) for period, value in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
    name = _text(LEFT + 160 * (at % 4), HEIGHT - 32, line.name[:40], fill=colour)
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
    return drawn + marks + name


def profile_chart(*, title: str, source: str, heads: tuple[str, str, str, str], rows: Sequence[Bar]) -> str:
    """The latest figures as a picture of a table, in columns: name, value, beside which figure, verdict."""
    columns = (16, 400, 490, 600)
    told = "; ".join(f"{row.name}: {row.value}, {row.other}, {row.verdict}" for row in rows)
    lines = [(*heads,), *((row.name, row.value, row.other, row.verdict) for row in rows)]
    body = "".join(_text(columns[at], TOP + ROW * line, text[:58 if at == 0 else 22], bold=line == 0)
                   for line, texts in enumerate(lines) for at, text in enumerate(texts))  # fmt: skip
    return _picture(title, f"{title}. {told}", source, TOP + ROW * (len(lines) + 1) + 24, body)


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#222", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{weight}>{escape(text)}</text>'


def _picture(title: str, told: str, source: str, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="title desc" font-family="sans-serif" font-size="13">'
        f'<title id="title">{escape(title)}</title>'
        f'<desc id="desc">{escape(told)}</desc><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="16" y="28" font-size="17" font-weight="bold">{escape(title[:80])}</text>{body}'
        f'<text x="16" y="{height - 10}" font-size="11" fill="#444">{escape(source[:120])}</text></svg>'
    )
