"""Is it the same method under two names? Pure: descriptions in, pairs that look alike out, each with its grounds.

A pair is alike by its name (the same once case, accents, signs and empty words are gone, or almost the same by
trigrams), by a link to the same page of a database, or by an almost equal description. It is a question to a steward,
never an answer: two cities may well run something of the same name. Thresholds are ours.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlsplit

import numpy as np
from scipy.sparse import csr_matrix

NAME_ALIKE, TEXT_ALIKE = 0.6, 0.6
BLOCK = 500
SHORTEST_TEXT = 60
"""Characters below which equal descriptions say nothing."""
EMPTY_WORDS = frozenset({
    "a", "aan", "aanpak", "an", "and", "approach", "bij", "de", "demo", "een", "en", "for", "het", "in", "intervention",
    "interventie", "inzet", "met", "method", "methode", "of", "op", "programma", "programme", "project", "the", "to",
    "training", "van", "via", "voor",
})  # fmt: skip
Grams = frozenset[str]


class Ground(StrEnum):
    """Why two interventions look alike."""

    SAME_NAME = "same-name"
    SIMILAR_NAME = "similar-name"
    SAME_LINK = "same-link"
    SAME_DESCRIPTION = "same-description"


@dataclass(frozen=True)
class Described:
    """What is compared of an intervention. names: in every language; links: addresses of its recognitions."""

    code: str
    names: tuple[str, ...]
    description: str = ""
    links: tuple[str, ...] = ()
    parent_code: str = ""


@dataclass(frozen=True)
class Likeness:
    """Two interventions that may be one. similarity: of the most similar names, 0–1.

    related: the one is part of the other, or both are of the same whole: then they are rather versions than doubles.
    """

    first: str
    second: str
    grounds: tuple[Ground, ...]
    similarity: float
    related: bool


class Face:
    """A description prepared for comparing. same: word → the word that stands for it."""

    def __init__(self, told: Described, same: Mapping[str, str]) -> None:
        self.told = told
        variants = (variant for name in told.names for variant in _variants(name))
        self.names = frozenset(name for one in variants if (name := normal(one, same)))
        self.links = frozenset(link for one in told.links if (link := _address(one)))
        text = normal(told.description, same)
        self.text = text if len(text) >= SHORTEST_TEXT else ""

    @cached_property
    def name_grams(self) -> tuple[Grams, ...]:
        return tuple(grams(name) for name in sorted(self.names))

    @cached_property
    def text_grams(self) -> tuple[Grams, ...]:
        return (phrases(self.text),) if self.text else ()


def normal(text: str, same: Mapping[str, str]) -> str:
    """Without case, accents, signs and words that tell nothing; a name of only such words stays as it is."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = [same.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]
    return " ".join([word for word in words if word not in EMPTY_WORDS] or words)


def _variants(name: str) -> Iterator[str]:
    """The name, without what stands in brackets, and each of the names that a slash sets side by side."""
    bare = re.sub(r"\([^)]*\)", " ", name)
    yield bare if bare.strip() else name
    yield from (part for part in bare.split("/") if len(part.strip()) > 3)


def _address(link: str) -> str:
    """A web address without scheme, www, query and closing slash; the front page of a site says nothing."""
    try:
        parts = urlsplit(link.strip().lower())
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}" if parts.netloc and path else ""


def grams(text: str) -> Grams:
    """Trigrams per word, as PostgreSQL's pg_trgm makes them: two blanks before, one behind."""
    return frozenset(f"  {word} "[at : at + 3] for word in text.split() for at in range(len(word) + 1))


def phrases(text: str) -> Grams:
    """Every three words in a row."""
    words = text.split()
    return frozenset(" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


def similarity(one: Grams, other: Grams) -> float:
    """Shared trigrams ÷ all trigrams, 0–1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def compare(one: Face, other: Face) -> Likeness | None:
    """The grounds on which two interventions look alike; None without any. The order of the two does not matter."""
    nearest = max((similarity(a, b) for a in one.name_grams for b in other.name_grams), default=0.0)
    texts = [similarity(a, b) for a in one.text_grams for b in other.text_grams]
    same_name = bool(one.names & other.names)
    found = {
        Ground.SAME_NAME: same_name,
        Ground.SIMILAR_NAME: not same_name and nearest >= NAME_ALIKE,
        Ground.SAME_LINK: bool(one.links & other.links),
        Ground.SAME_DESCRIPTION: any(alike >= TEXT_ALIKE for alike in texts),
    }
    grounds = tuple(ground for ground, holds in found.items() if holds)
    if not grounds:
        return None
    first, second = sorted((one.told, other.told), key=lambda told: told.code)
    return Likeness(first.code, second.code, grounds, nearest, _related(first, second))


def _related(one: Described, other: Described) -> bool:
    parents = {one.parent_code, other.parent_code}
    return bool({one.code, other.code} & parents) or (len(parents) == 1 and parents != {""})


def doubles_of(told: Described, others: Iterable[Described], same: Mapping[str, str]) -> tuple[Likeness, ...]:
    """What among the others looks like this one, most grounds first."""
    face = Face(told, same)
    found = (compare(face, Face(other, same)) for other in others if other.code != told.code)
    return _ordered(likeness for likeness in found if likeness)


def doubles(described: Sequence[Described], same: Mapping[str, str]) -> tuple[Likeness, ...]:
    """Every pair that looks alike, most grounds first. Compares only pairs that can be: exact, and fast for 10,000."""
    faces = {told.code: Face(told, same) for told in described}
    pairs = set(_sharing((code, {*face.names, *face.links}) for code, face in faces.items()))
    pairs |= set(_candidates([(c, one) for c, face in faces.items() for one in face.name_grams], NAME_ALIKE))
    pairs |= set(_candidates([(c, one) for c, face in faces.items() for one in face.text_grams], TEXT_ALIKE))
    found = (compare(faces[first], faces[second]) for first, second in sorted(pairs))
    return _ordered(likeness for likeness in found if likeness)


def _ordered(found: Iterable[Likeness]) -> tuple[Likeness, ...]:
    return tuple(sorted(found, key=lambda one: (-len(one.grounds), -one.similarity, one.first, one.second)))


def _sharing(owned: Iterable[tuple[str, Collection[str]]]) -> Iterator[tuple[str, str]]:
    """Pairs of codes that have something in common."""
    owners: dict[str, list[str]] = defaultdict(list)
    for code, things in owned:
        for thing in things:
            yield from ((min(code, other), max(code, other)) for other in owners[thing] if other != code)
            owners[thing].append(code)


def _candidates(sets: Sequence[tuple[str, Grams]], least: float) -> Iterator[tuple[str, str]]:
    """Pairs of codes with sets that are alike at `least`: shared members counted as a product of matrices, in blocks.

    Each row of the matrix is a set and each column a member; so row times row counts what two sets share.
    """
    members = {gram: place for place, gram in enumerate(sorted({gram for _code, found in sets for gram in found}))}
    columns = [members[gram] for _code, found in sets for gram in found]
    ends = np.cumsum([0, *(len(found) for _code, found in sets)])
    held = csr_matrix((np.ones(len(columns), np.int32), columns, ends), (len(sets), len(members)))
    sizes = np.diff(ends)
    for start in range(0, len(sets), BLOCK):
        shared = (held[start : start + BLOCK] @ held.T).tocoo()
        first, second = shared.row + start, shared.col
        alike = (first < second) & (shared.data >= least * (sizes[first] + sizes[second] - shared.data))
        for one, other in zip(first[alike], second[alike], strict=True):
            pair = sorted((sets[one][0], sets[other][0]))
            if pair[0] != pair[1]:
                yield pair[0], pair[1]
