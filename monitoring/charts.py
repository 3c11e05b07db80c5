"""A series or a profile as an SVG picture with title, description and source. Pure; no script, no outside font.

Series of different definitions are different lines and never joined; a missing figure leaves a gap in the marks only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from textwrap import wrap

from monitoring.periods import Period

WIDTH, LEFT, RIGHT, TOP, PLOT = 720, 64, 24, 64, 224
COLOURS = ("#1b4b82", "#a6370b", "#2d6a2d", "#6b3fa0")
DASHES = ("", "8 4", "2 3", "10 3 2 3")  # no meaning by colour alone
ROW, TITLE_CHARACTERS, PROFILE_WIDTH = 28, 76, 1000
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)  # times a power of ten: what people count in


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


def cut(text: str, most: int) -> str:
    """The text, or as much of it as fits with dots to show that there is more; the description holds it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def line_chart(*, title: str, unit: str, source: str, lines: Sequence[Line], decimals: int, language: str,
               note: str = "") -> str:  # fmt: skip
    """The series over time. The description lists every figure, so that who cannot see the picture misses nothing.

    note: shown where there is no figure to draw: why there is none.
    """
    shown = [line for line in lines if line.points]
    told = "; ".join(f"{line.name}: " + ", ".join(f"{period.iso} {number(value, decimals, language)}"
                     for period, value in line.points) for line in shown)  # fmt: skip
    if not shown:
        return _picture(title, f"{title}. {note}", source, TOP + 3 * ROW, _text(16, TOP + ROW, cut(note, 104)))
    scale = _Scale.of(shown)
    body = _text(16, TOP, unit) + _axes(shown, scale, decimals, language)
    body += "".join(_line(at, line, scale) for at, line in enumerate(shown))
    return _picture(title, f"{title} ({unit}). {told}", source, scale.bottom + 48 + 22 * len(shown) + 24, body)


@dataclass(frozen=True)
class _Scale:
    """Days across, values up, with round steps."""

    first: int
    last: int
    ticks: tuple[float, ...]
    bottom: float = TOP + 20 + PLOT

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Scale":
        days = [period.start.toordinal() for line in lines for period, _value in line.points]
        values = [value for line in lines for _period, value in line.points]
        return cls(min(days), max(days), _ticks(min(0.0, *values), max(0.0, *values)))

    def at(self, period: Period, value: float) -> tuple[float, float]:
        across = (period.start.toordinal() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return LEFT + across * (WIDTH - LEFT - RIGHT), self.up(value)

    def up(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (value - low) / (high - low) * PLOT


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Three to seven round values that hold both ends."""
    spread = high - low or 1.0
    power = 10.0 ** floor(log10(spread / 4))
    step = next(power * factor for factor in STEPS if power * factor * 5 >= spread)
    return tuple(step * at for at in range(floor(low / step), max(ceil(high / step), floor(low / step) + 1) + 1))


def _axes(lines: Sequence[Line], scale: _Scale, decimals: int, language: str) -> str:
    found = []
    step = scale.ticks[1] - scale.ticks[0]
    shown = max(0, min(decimals, 6)) if step >= 1 else max(decimals, ceil(-log10(step)))
    for value in scale.ticks:
        y, colour = scale.up(value), "#555" if value == 0 else "#ddd"
        found.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{colour}"/>')
        found.append(_text(LEFT - 8, y + 4, number(value, shown, language), anchor="end"))
    periods = sorted({period for line in lines for period, _value in line.points}, key=lambda period: period.start)
    free = 0.0
    for period in periods:
        x = scale.at(period, 0)[0]
        if x >= free:
            found.append(_text(x, scale.bottom + 18, period.iso[:10], anchor="middle"))
            free = x + 8 * len(period.iso[:10]) + 8
    return "".join(found)


def _line(at: int, line: Line, scale: _Scale) -> str:
    """The line with its marks, and its row in the legend."""
    colour, dash = COLOURS[at % 4], DASHES[at % 4]
    stroke = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    places = [scale.at(period, value) for period, value in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
    row = scale.bottom + 48 + 22 * at
    legend = f'<line x1="{LEFT}" y1="{row - 4:.1f}" x2="{LEFT + 32}" y2="{row - 4:.1f}" {stroke}/>'
    return f'<polyline points="{path}" {stroke}/>{marks}{legend}{_text(LEFT + 44, row, cut(line.name, 86))}'


def profile_chart(*, title: str, source: str, heads: tuple[str, str, str, str], rows: Sequence[Bar]) -> str:
    """The latest figures as a picture of a table, in columns: name, value, beside which figure, verdict."""
    columns = ((16, 62), (450, 16), (560, 34), (810, 26))  # where each begins, and how many characters fit
    told = "; ".join(f"{row.name}: {row.value}, {row.other}, {row.verdict}" for row in rows)
    lines = [(*heads,), *((row.name, row.value, row.other, row.verdict) for row in rows)]
    body = "".join(_text(columns[at][0], TOP + ROW * line, cut(text, columns[at][1]), bold=line == 0)
                   for line, texts in enumerate(lines) for at, text in enumerate(texts))  # fmt: skip
    return _picture(title, f"{title}. {told}", source, TOP + ROW * len(lines) + 24, body, width=PROFILE_WIDTH)


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#222", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{weight}>{escape(text)}</text>'


def _picture(title: str, told: str, source: str, height: float, body: str, *, width: int = WIDTH) -> str:
    lines = wrap(title, TITLE_CHARACTERS)[:2] or [""]
    heading = "".join(f'<text x="16" y="{24 + 20 * at}" font-size="16" font-weight="bold">{escape(line)}</text>'
                      for at, line in enumerate(lines))  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" '
        f'aria-labelledby="title desc" font-family="sans-serif" font-size="13">'
        f'<title id="title">{escape(title)}</title>'
        f'<desc id="desc">{escape(told)}</desc><rect width="100%" height="100%" fill="#fff"/>{heading}{body}'
        f'<text x="16" y="{height - 10:.0f}" font-size="11" fill="#444">{escape(cut(source, 116))}</text></svg>'
    )
