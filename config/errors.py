"""What a domain may refuse, in words the API can show. No Django here.

A `Refusal` is raised by services and pure modules; `config.api.problems` turns it into application/problem+json.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    location: RFC 6901 pointer in fragment form with API names (`#/items/3/value`), or a query key; empty for the whole.
    code: stable, kebab-case. detail: one plain sentence. value: what was received, if safe to repeat.
    """

    location: str
    code: str
    detail: str
    place: str = "body"
    value: object = None
    expected: object = None


class Refusal(Exception):
    """The request cannot be carried out; says why, with every fault.

    members: what its problem document says besides.
    """

    status = 400
    code = "invalid-input"

    def __init__(
        self, detail: str = "", faults: Iterable[Fault] = (), *, members: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.members = dict(members or {})


class NotFound(Refusal):
    """There is none, or the caller may not know of it."""

    status = 404
    code = "not-found"


class Conflict(Refusal):
    """The state of the resource does not allow it."""

    status = 409
    code = "conflict"
