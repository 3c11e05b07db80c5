"""python -m bench.register_api [--quick]: what the register answers and takes in, with its database, in one process.

The public model and one of 2,000 factors and 16,000 relations (--quick: 200 and 1,600), published. Requests go through
the whole application except the socket. `warm`: the version's arrays are there, as they are once per process. Peers
in the same run, in turn: for lists and single rows the raw SQL of the same rows and json; for files openpyxl writing
or reading the same cells and checking nothing; the others have none. Ratios are medians: peer / ours.
"""

import argparse
import io
import json
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

import openpyxl

from bench.networks import made_up_model, public_model
from bench.register import content_of
from bench.stores import fresh_stores

CITY = "GM0001"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Task = tuple[str, Callable[[], Any], Callable[[], Any] | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds; the large model a tenth")
    quick = parser.parse_args().quick
    factors = 200 if quick else 2_000
    models = {"public": public_model(), f"{factors:,}": made_up_model(factors=factors)}
    with fresh_stores():
        client = _editor()
        print(f"{'model':8} {'what':28} {'ours':>12} {'peer':>12} {'peer/ours':>10}")
        for name, model in models.items():
            for task in _tasks(client, f"m-{factors if name != 'public' else name}", content_of(model)):
                _measure(name, *task, rounds=2 if quick else 5)


def _editor() -> Any:
    """A client with the key of a model editor."""
    from django.test import Client

    from accounts import services
    from accounts.models import Client as Machine
    from accounts.models import Municipality, RoleGrant
    from factors.models import Domain, Pillar

    city = Municipality.objects.create(code=CITY, name=CITY)
    machine = Machine.objects.create(code="bench", name="bench")
    RoleGrant.objects.create(client=machine, role="model-editor", municipality=city)
    pillar = Pillar.objects.create(code="opportunity", name_nl="Kansrijk", name_en="Opportunity")
    Domain.objects.create(code="work", pillar=pillar, name_nl="Werk", name_en="Work")
    return Client(headers={"Authorization": f"Bearer {services.issue_key(client=machine, actor='bench')}"})


def _tasks(client: Any, code: str, content: Any) -> Iterator[Task]:
    from django.utils import timezone

    from factors.models import FactorModel
    from factors.services.versions import publish_version, write_draft

    FactorModel.objects.create(code=code, municipality_code=CITY, name_nl=code, name_en=code)
    publish_version(version=write_draft(model_code=code, content=content), number="1.0.0", at=timezone.now())
    at, middle = f"/v1/factor-models/{code}/versions/1.0.0", content.relations[len(content.relations) // 2]
    get = _getter(client)
    get(f"{at}/relations?pageSize=1")  # warm
    yield (
        "list of 100 factors",
        lambda: get(f"{at}/factors"),
        lambda: _rows("factor", "version_id = %s ORDER BY code LIMIT 100", code),
    )
    yield (
        "list of 100 relations",
        lambda: get(f"{at}/relations"),
        lambda: _rows("relation", "version_id = %s ORDER BY from_code, to_code LIMIT 100", code),
    )
    yield ("one relation with its grade", lambda: get(f"{at}/relations/{middle.from_code}/{middle.to_code}"),
           lambda: _rows("relation", "version_id = %s AND from_code = %s AND to_code = %s", code, middle.from_code,
                         middle.to_code))  # fmt: skip
    around = f"aroundCode={middle.from_code}&steps=2"
    yield "2 steps around a factor", lambda: get(f"{at}/selection?{around}"), None
    goal = content.goals[0].code
    paths = f"/v1/pathways?modelCode={code}&version=1.0.0&fromCode={middle.from_code}&goalCode={goal}"
    yield "10 strongest paths", lambda: get(paths), None
    yield from _editing(client, get, code, content)


def _editing(client: Any, get: Callable[[str], bytes], code: str, content: Any) -> Iterator[Task]:
    """Files both ways, publication and comparison; each round publishes a version more."""
    at = f"/v1/factor-models/{code}/versions"
    numbers = iter(range(1, 1000))
    book = get(f"{at}/1.0.0/content?format=xlsx")

    def draft() -> None:
        asked = {"origin": {"modelCode": code, "version": "1.0.0"}}
        _sent(client.post(at, asked, content_type="application/json"), 201)

    def load() -> None:
        tag = _sent(client.get(f"{at}/draft"), 200).headers["ETag"]
        _sent(client.put(f"{at}/draft/content", book, content_type=XLSX, headers={"If-Match": tag}), 200)

    def publish() -> None:
        number = f"1.{next(numbers)}.0"
        _sent(
            client.post(
                f"{at}/draft/publication", {"version": number, "changelog": "bench"}, content_type="application/json"
            ),
            201,
        )
        draft()

    draft()
    yield "XLSX out", lambda: get(f"{at}/1.0.0/content?format=xlsx"), lambda: _plain_write(content)
    yield "XLSX in, checked and stored", load, lambda: _plain_read(book)
    yield "publish and begin a draft", publish, None
    yield "compare two versions", lambda: get(f"{at}/1.1.0/diff?against=1.0.0"), None


def _getter(client: Any) -> Callable[[str], bytes]:
    return lambda path: b"".join(_sent(client.get(path), 200))


def _sent(answer: Any, status: int) -> Any:
    if answer.status_code != status:
        raise SystemExit(f"{answer.status_code}: {answer.content[:500]!r}")
    return answer


def _rows(part: str, where: str, code: str, *more: str) -> str:
    """Raw SQL of the rows behind an answer, as JSON."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM factors_modelversion WHERE model_id = %s AND version = '1.0.0'", [code])
        version = cursor.fetchone()[0]
        cursor.execute(f"SELECT * FROM factors_version{part} WHERE {where}", [version, *more])  # noqa: S608 - our own names
        return json.dumps(cursor.fetchall(), default=str)


def _plain_write(content: Any) -> None:
    from factors.exchange.cells import rows_of
    from factors.exchange.layout import TABLES

    book = openpyxl.Workbook(write_only=True)
    for table in TABLES:
        sheet = book.create_sheet(table.name)
        for row in rows_of(table, content):
            sheet.append(row)
    book.save(io.BytesIO())


def _plain_read(data: bytes) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass


def _measure(model: str, what: str, ours: Callable[[], Any], peer: Callable[[], Any] | None, rounds: int) -> None:
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(_seconds(ours))
        theirs.append(_seconds(peer) if peer else 0.0)
    ratio = f"{median(b / a for a, b in zip(mine, theirs, strict=True)):10.2f}" if peer else f"{'-':>10}"
    other = f"{median(theirs) * 1000:9.1f} ms" if peer else f"{'-':>12}"
    print(f"{model:8} {what:28} {median(mine) * 1000:9.1f} ms {other} {ratio}", flush=True)


def _seconds(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
