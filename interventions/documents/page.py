"""Small accessible HTML pages without a template engine: everything that comes in as text is escaped."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:62rem;margin:auto;padding:1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}td.n{text-align:right}"
    "td.worse{background:#f9c784}td.better{background:#bfe3c0}td.higher,td.lower{background:#c9d8f0}"
    "svg{max-width:100%;height:auto}a{color:#0b4f9e}@media print{a{color:inherit}}"
)
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)
"""Content-Security-Policy of these pages: this one style and nothing else."""
BAR = {"worse": "#b35c00", "better": "#2b7a2e", "higher": "#3a5f9a", "lower": "#3a5f9a"}


META_TEXT = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Html:
    return value if isinstance(value, Html) else Html(escape(str(value)))


def tag(name: str, *inside: object, **attributes: object) -> Html:
    """An element; `class_` becomes class, other underscores become hyphens."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>{''.join(map(text, inside))}</{name}>")


def paragraphs(lines: Iterable[object]) -> Html:
    return Html("".join(tag("p", line) for line in lines))


def bullets(lines: Sequence[object]) -> Html:
    return tag("ul", *(tag("li", line) for line in lines)) if lines else tag("p", "Niets.")


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A data table; the first cell of a row is its heading. A cell may be a finished `td`."""
    top = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head)))
    body = (tag("tr", tag("th", first, scope="row"), *map(_cell, rest)) for first, *rest in rows)
    return tag("table", tag("caption", caption), top, tag("tbody", *body))


def _cell(value: object) -> Html:
    return value if isinstance(value, Html) and value.startswith("<td") else tag("td", value)


def bars(title: str, rows: Sequence[tuple[str, float, float, str]]) -> Html:
    """A bar chart of (label, own share, other share, verdict) in percent; a table beside it says the same."""
    said = "; ".join(f"{name}: {own:.1f} tegen {other:.1f}".replace(".", ",") for name, own, other, _word in rows)
    drawn = []
    for place, (name, own, other, word) in enumerate(rows):
        top = place * 58
        drawn += [
            tag("text", name[:90], x=0, y=top + 14, font_size=13),
            tag("rect", x=0, y=top + 19, width=round(own * 6, 1), height=13, fill=BAR.get(word, "#555555")),
            tag("rect", x=0, y=top + 34, width=round(other * 6, 1), height=9, fill="#a9a9a9"),
        ]
    inside = (tag("title", title), tag("desc", said), *drawn)
    return tag("svg", *inside, role="img", aria_label=f"{title}. {said}", viewBox=f"0 0 640 {len(rows) * 58}",
               width=640, height=len(rows) * 58)  # fmt: skip


def page(title: str, *inside: Html) -> bytes:
    """A whole document in Dutch."""
    head = tag("head", Html(META_TEXT),
               tag("title", title), tag("style", Html(STYLE)))  # fmt: skip
    body = tag("body", tag("main", tag("h1", title), *inside))
    return f'<!doctype html>\n<html lang="nl">{head}{body}</html>\n'.encode()
