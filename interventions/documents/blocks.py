"""What a readable document is made of, before it becomes a page or a PDF: both say exactly the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """level: 2 for a chapter, 3 below it; the title of the document is 1."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Names with what they are: where and when the document comes from."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """mark: how a figure compares (worse, better, higher, lower); the words for it stand in a cell of their own."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Column:
    """share: part of the width beside the other columns. number: set to the right."""

    name: str
    share: int = 1
    number: bool = False


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Chart:
    """picture: SVG, with its title below it. told: the same in words, for who does not see it."""

    title: str
    picture: str
    told: str


Block = Heading | Paragraph | Bullets | Facts | Table | Chart


@dataclass(frozen=True)
class Paper:
    """A whole document. made_at: ISO 8601, of the version it shows. lead: a line below the title."""

    title: str
    lead: str
    made_at: str
    blocks: tuple[Block, ...]


def table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> Table:
    """Rows of texts and cells as a table."""
    made = tuple(tuple(one if isinstance(one, Cell) else Cell(one) for one in row) for row in rows)
    return Table(caption, tuple(columns), made)


def listed(lines: Sequence[str], otherwise: str) -> Block:
    """A list, or a sentence that says there is nothing."""
    return Bullets(tuple(lines)) if lines else Paragraph(otherwise)
