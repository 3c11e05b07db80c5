"""Storing what defines indicators: from the files of a folder, or one by a steward."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound, Refusal
from config.ledger import records
from config.loading import LoadReport, load
from monitoring.indicator_documents import BadIndicator, Definition, read_file
from monitoring.models import Indicator, IndicatorDefinition, IndicatorLink, Observation
from monitoring.services.figures.indicator_links import check_links

STORE = "monitoring"


class CodeTaken(Conflict):
    """There is an indicator with this code already."""

    code = "code-taken"


class BadIndicatorFiles(Refusal):
    """Some files of the folder are no definition; every fault names its file and its place there."""

    code = "bad-indicator"


@dataclass(frozen=True)
class Stored:
    indicators: LoadReport
    definitions: LoadReport
    links: LoadReport
    removed_links: int = 0


def read_folder(folder: Path) -> tuple[Definition, ...]:
    """The definitions of all `*.toml` files, by name. Raises BadIndicatorFiles with every fault of every file."""
    found, faults = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            definition = read_file(path.read_bytes())
        except BadIndicator as problem:
            faults += [_in_file(path, fault) for fault in problem.faults]
            continue
        if definition.indicator["code"] != path.stem:
            faults.append(Fault(f"{path.name}#/code", "other-name", _("Het bestand heet niet naar zijn code.")))
        found.append(definition)
    if not found and not faults:
        faults = [Fault(str(folder.name), "empty-folder", _("Hier staat geen *.toml-bestand."))]
    if faults:
        raise BadIndicatorFiles(f"{len(faults)} faults", faults)
    return tuple(found)


def _in_file(path: Path, fault: Fault) -> Fault:
    return Fault(f"{path.name}{fault.location}", fault.code, fault.detail, expected=fault.expected)


def store(definitions: Sequence[Definition], *, municipality_code: str = "") -> Stored:
    """Make these the definitions known, all or none; equal rows are not written. Links no longer named go away.

    A definition version that is no longer named stays while figures follow it. Seven queries for a hundred.
    Raises Refusal for a version that may not go.
    """
    codes = [one.indicator["code"] for one in definitions]
    with transaction.atomic(using=STORE):
        owned = [one.indicator | {"municipality_code": municipality_code} for one in definitions]
        indicators = load(Indicator, key=("code",), rows=owned)
        _drop_versions(definitions, codes)
        versions = load(IndicatorDefinition, key=("indicator_id", "version"), rows=_all(definitions, "definitions"))
        wanted = {_link_key(row) for row in _all(definitions, "links")}
        known = IndicatorLink.objects.filter(indicator__in=codes)
        stale = [link.pk for link in known if _link_key(vars(link)) not in wanted]
        IndicatorLink.objects.filter(pk__in=stale).delete()
        links = load(IndicatorLink, key=("indicator_id", "target_kind", "target_code", "role"),
                     rows=_all(definitions, "links"))  # fmt: skip
    return Stored(indicators, versions, links, len(stale))


def _all(definitions: Iterable[Definition], part: str) -> list[dict[str, Any]]:
    return [row for one in definitions for row in getattr(one, part)]


def _link_key(row: dict[str, Any]) -> tuple[str, ...]:
    return row["indicator_id"], row["target_kind"], row["target_code"], row["role"]


def _drop_versions(definitions: Sequence[Definition], codes: Sequence[str]) -> None:
    wanted = {(row["indicator_id"], row["version"]) for row in _all(definitions, "definitions")}
    known = IndicatorDefinition.objects.filter(indicator__in=codes)
    gone = [one for one in known if (one.indicator_id, one.version) not in wanted]
    used = [one for one in gone if Observation.objects.filter(
        indicator_code=one.indicator_id, definition_version=one.version).exists()]  # fmt: skip
    if used:
        text = _("Definitie %(version)s van %(code)s heeft cijfers en kan niet weg.")
        raise Refusal(text % {"version": repr(used[0].version), "code": used[0].indicator_id},
                      [Fault("#/definitions", "version-in-use", text % {
                          "version": repr(one.version), "code": one.indicator_id}) for one in used])  # fmt: skip
    IndicatorDefinition.objects.filter(pk__in=[one.pk for one in gone]).delete()


def create(definition: Definition, *, municipality_code: str, actor: str) -> str:
    """A new indicator, of one municipality or (empty) shared by all; its code.

    Raises CodeTaken, BadIndicator for a link to nothing, StoreAway.
    """
    code: str = definition.indicator["code"]
    check_links(definition)
    with transaction.atomic(using=STORE):
        if Indicator.objects.select_for_update().filter(code=code).exists():
            raise CodeTaken(_("De code %(code)s is al in gebruik.") % {"code": code})
        store([definition], municipality_code=municipality_code)
        _audit("created", definition, None, municipality_code, actor)
    return code


def replace(known: Indicator, definition: Definition, *, actor: str) -> None:
    """What defines an indicator from now on.

    Raises Refusal when the document is about another code, BadIndicator for a link to nothing, StoreAway.
    """
    if definition.indicator["code"] != known.code:
        text = _("De code in het document is niet die van het adres.")
        raise Refusal(text, [Fault("#/code", "other-code", text, expected=[known.code])])
    check_links(definition)
    with transaction.atomic(using=STORE):
        before = _kept(known)
        stored = store([definition], municipality_code=known.municipality_code)
        parts = (stored.indicators, stored.definitions, stored.links)
        if stored.removed_links or any(part.created or part.updated for part in parts):
            _audit("updated", definition, before, known.municipality_code, actor)


def locked(code: str, visible: Any) -> Indicator:
    """The indicator, held until the transaction ends. Raises NotFound."""
    found = Indicator.objects.select_for_update().filter(visible, code=code).first()
    if found is None:
        raise NotFound()
    return found


def _kept(known: Indicator) -> dict[str, Any]:
    return {field.attname: getattr(known, field.attname) for field in Indicator._meta.concrete_fields}


def _audit(action: str, definition: Definition, before: Any, municipality_code: str, actor: str) -> None:
    records.audit(store=STORE, actor=actor, action=action, resource="indicator",
                  resource_code=definition.indicator["code"], before=before,
                  after={**definition.indicator, "definitions": list(definition.definitions),
                         "links": list(definition.links)}, municipality_code=municipality_code)  # fmt: skip
