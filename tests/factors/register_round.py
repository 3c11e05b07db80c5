"""The register used from outside, with HTTP and a spreadsheet program only.

    python -m tests.factors.register_round http://127.0.0.1:8000 KEY GM0363

Fills the template that the service offers with the public model, row by row as a person would, loads it into a draft of
an own model, publishes it, asks it questions and takes it home again.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import openpyxl

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPELLED = {
    "id": "code", "key": "code", "label_nl": "nameNl", "label_en": "nameEn", "life_domain": "lifeDomains",
    "domain": "domainCode", "from": "fromCode", "to": "toCode", "to_type": "toKind", "source_key": "sourceCode",
    "prevalence_source_key": "prevalenceSourceCode", "ci_low": "intervalLow", "ci_high": "intervalHigh",
}  # fmt: skip
SHEETS = {"factors": "factors", "goals": "goals", "sources": "sources", "relations": "evidence"}


@dataclass(frozen=True)
class Round:
    """What came of it."""

    report: dict[str, Any]
    published: dict[str, Any]
    checks: list[dict[str, Any]]
    pathways: list[dict[str, Any]]
    exported: bytes
    original_checksum: str


def take_round(client: httpx.Client, *, municipality: str, code: str = "round") -> Round:
    """Needs the key of a model editor of the municipality. Raises HTTPStatusError at the first refusal."""
    names = {"code": code, "municipalityCode": municipality, "nameNl": "Rondje", "nameEn": "Round trip"}
    draft, version = f"/v1/factor-models/{code}/versions/draft", f"/v1/factor-models/{code}/versions/1.0.0"
    sent(client.post("/v1/factor-models", json=names))
    sent(client.post(f"/v1/factor-models/{code}/versions", json={}))
    book = filled(client, "/v1/factor-models/public/versions/latest")
    tag = sent(client.get(draft)).headers["ETag"]
    file = {"Content-Type": XLSX}
    sent(client.put(f"{draft}/content", params={"dryRun": True}, content=book, headers=file | {"If-Match": tag}))
    report = sent(client.put(f"{draft}/content", content=book, headers=file | {"If-Match": tag})).json()
    checks = sent(client.get(f"{draft}/checks", params={"pageSize": 500})).json()["results"]
    publication = {"version": "1.0.0", "changelog": "Openbaar model, langs het sjabloon."}
    published = sent(client.post(f"{draft}/publication", json=publication)).json()
    asked = {"modelCode": code, "fromCode": "low-ses", "goalCode": "school-performance", "limit": 3}
    return Round(
        report=report, published=published, checks=checks,
        pathways=sent(client.get("/v1/pathways", params=asked)).json()["results"],
        exported=sent(client.get(f"{version}/content", params={"format": "xlsx"})).content,
        original_checksum=sent(client.get("/v1/factor-models/public/versions/latest")).json()["checksum"],
    )  # fmt: skip


def filled(client: httpx.Client, version: str) -> bytes:
    """The template with the rows of a version, as its lists tell them."""
    template = sent(client.get("/v1/factor-model-template", headers={"Accept": XLSX}))
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    for sheet, part in SHEETS.items():
        headers = [cell.value for cell in book[sheet][1]]
        for row in pages(client, f"{version}/{part}"):
            book[sheet].append([cell(row[SPELLED.get(header) or camel(header)]) for header in headers])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pages(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    url: str | None = f"{path}?pageSize=100"
    while url:
        page = sent(client.get(url)).json()
        yield from page["results"]
        url = page["next"]


def cell(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def camel(header: str) -> str:
    first, *rest = header.split("_")
    return first + "".join(word.capitalize() for word in rest)


def sent(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        sys.stderr.write(f"{response.text[:2000]}\n")
    return response.raise_for_status()


if __name__ == "__main__":
    base, key, city = sys.argv[1:4]
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=60) as http:
        done = take_round(http, municipality=city)
    same = done.published["checksum"] == done.original_checksum
    sys.stdout.write(f"{done.report}\nsame checksum: {same}\n{done.pathways[0]['sentence']}\n")
