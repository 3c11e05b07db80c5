"""A document as an accessible web page without a template engine: everything that comes in as text is escaped."""

import hashlib
from base64 import b64encode
from functools import singledispatch
from html import escape

from interventions.documents import blocks

STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:62rem;margin:auto;padding:1rem;color:#111;background:#fff;"
    "overflow-wrap:anywhere}h1{margin-bottom:.2rem}.lead{font-size:1.15rem;color:#444;margin-top:0}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}.n{text-align:right}"
    "thead th{background:#eef2f7}tbody th{font-weight:normal}dt{font-weight:bold}dd{margin:0 0 .4rem}"
    ".worse{background:#f9c784}.better{background:#bfe3c0}.higher,.lower{background:#c9d8f0}"
    "figure{margin:1rem 0}figcaption{color:#444}svg{max-width:100%;height:auto}"
    "a{color:#0b4f9e}@media print{a{color:inherit}}"
)
META = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'


def page(paper: blocks.Paper) -> bytes:
    """A whole page in Dutch."""
    title = escape(paper.title)
    body = f'<h1>{title}</h1><p class="lead">{escape(paper.lead)}</p>{"".join(map(_html, paper.blocks))}'
    head = f"<head>{META}<title>{title}</title><style>{STYLE}</style></head>"
    return f'<!doctype html>\n<html lang="nl">{head}<body><main>{body}</main></body></html>\n'.encode()


def policy_of(content: bytes) -> str:
    """Content-Security-Policy of a page, also one of long ago: the one style that stands in it and nothing else."""
    style = content.partition(b"<style>")[2].partition(b"</style>")[0]
    sum_of_it = b64encode(hashlib.sha256(style).digest()).decode()
    return f"default-src 'none'; frame-ancestors 'none'; style-src 'sha256-{sum_of_it}'"


@singledispatch
def _html(block: blocks.Block) -> str:
    raise TypeError(f"no way to write {type(block).__name__}")


@_html.register
def _heading(block: blocks.Heading) -> str:
    return f"<h{block.level}>{escape(block.text)}</h{block.level}>"


@_html.register
def _paragraph(block: blocks.Paragraph) -> str:
    return f"<p>{escape(block.text)}</p>"


@_html.register
def _bullets(block: blocks.Bullets) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>"


@_html.register
def _facts(block: blocks.Facts) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in block.pairs) + "</dl>"


@_html.register
def _table(block: blocks.Table) -> str:
    top = "".join(f'<th scope="col"{_class(column, "")}>{escape(column.name)}</th>' for column in block.columns)
    rows = "".join(f"<tr>{_row(block, row)}</tr>" for row in block.rows)
    caption = f"<caption>{escape(block.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"


def _row(block: blocks.Table, row: tuple[blocks.Cell, ...]) -> str:
    first, *rest = row
    cells = (f"<td{_class(column, cell.mark)}>{escape(cell.text)}</td>"
             for column, cell in zip(block.columns[1:], rest, strict=True))  # fmt: skip
    return f'<th scope="row">{escape(first.text)}</th>{"".join(cells)}'


def _class(column: blocks.Column, mark: str) -> str:
    names = " ".join(filter(None, ("n" if column.number else "", mark)))
    return f' class="{escape(names)}"' if names else ""


@_html.register
def _chart(block: blocks.Chart) -> str:
    return f"<figure>{block.picture}<figcaption>{escape(block.title)}</figcaption></figure>"
