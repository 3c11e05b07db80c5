"""A document as tagged PDF (PDF/UA-1), set by typst from the wheel: no fonts or files from outside.

User text goes in as data and never becomes markup. What the embedded fonts cannot show is replaced by U+FFFD, because
PDF/UA refuses a page with a letter that is not there.
"""

import json
import re
import unicodedata
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst

from interventions.documents import blocks

FOLDER = str(Path(__file__).parent / "typst")
LONGEST = 24
"""Letters in a row after which a word may be broken: longer ones would run out of a column."""
UNKNOWN = "\ufffd"
LINE_ENDS = {0x2028: "\n", 0x2029: "\n"}  # Unicode's own; alone in a text no font shows them
OUTSIDE = 0x3000  # from here on (CJK, emoji) the fonts have nothing that we use
MISSING = "Tekens die dit lettertype niet kent staan hier als \ufffd; op de webpagina staan zij wel."


class CannotRender(Exception):
    """typst made no document of it."""


def pdf(paper: blocks.Paper) -> bytes:
    """A PDF of the document; the same document gives the same bytes. Raises CannotRender."""
    told = _clean(_told(paper))
    if UNKNOWN in json.dumps(told, ensure_ascii=False):
        told["blocks"].append({"kind": "paragraph", "text": MISSING})
    return _compile("document.typ", {"paper": json.dumps(told)}, int(_moment(paper).timestamp()))


def _moment(paper: blocks.Paper) -> datetime:
    return datetime.fromisoformat(paper.made_at.replace("Z", "+00:00"))


def _told(paper: blocks.Paper) -> dict[str, Any]:
    shown = [{"kind": type(block).__name__.lower(), **asdict(block)} for block in paper.blocks]
    return {"title": paper.title, "lead": paper.lead, "foot": paper.title[:90], "blocks": shown}


def _compile(template: str, inputs: dict[str, str], moment: int) -> bytes:
    try:
        made: bytes = typst.compile(
            f"{FOLDER}/{template}", root=FOLDER, font_paths=_fonts(), sys_inputs=inputs, pdf_standards="ua-1",
            timestamp=moment, package_path=FOLDER, package_cache_path=FOLDER,
        )  # fmt: skip
    except BaseException as problem:
        # a panic inside typst is no Exception, and must end the job and not the worker
        if isinstance(problem, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise CannotRender(str(problem)) from problem
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _clean(value: Any) -> Any:
    """Every text in it as it can be set; pictures keep their words whole."""
    if isinstance(value, str):
        return _breakable(printable(value))
    if isinstance(value, dict):
        return {key: printable(inner) if key == "picture" else _clean(inner) for key, inner in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def printable(text: str) -> str:
    """The text with what the fonts lack as U+FFFD, once in a row, and without control and format characters."""
    lines = text.translate(LINE_ENDS)
    kept = "".join(
        one for one in lines if one in "\n\u200c\u200d\u00ad" or unicodedata.category(one) not in ("Cc", "Cf")
    )
    return re.sub(f"{UNKNOWN}+", UNKNOWN, "".join(one if _known(one) else UNKNOWN for one in kept))


def _breakable(text: str) -> str:
    """Long words get places to break: a zero-width space after every so many letters."""
    return re.sub(rf"\S{{{LONGEST}}}(?=\S)", lambda found: found[0] + "\u200b", text)


@lru_cache(maxsize=OUTSIDE)
def _known(letter: str) -> bool:
    """Whether the fonts can show it: asked of typst itself, once per letter."""
    if letter == "\n" or " " <= letter <= "~" or "\u00a0" <= letter <= "\u017f":
        return True
    if ord(letter) >= OUTSIDE and letter != UNKNOWN:
        return False
    try:
        _compile("probe.typ", {"text": f"a{letter}a"}, 0)
    except CannotRender:
        return False
    return True
