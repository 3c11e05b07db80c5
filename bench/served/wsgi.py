"""Our service as its server runs it, and `/bare/SIZE` before it: as many bytes by the server alone, without Django."""

from collections.abc import Callable, Iterable
from typing import Any

from bench.served.constant import constant_bytes
from config.wsgi import application as ours

BARE = "/bare/"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if not path.startswith(BARE):
        return ours(environ, start_response)
    content = constant_bytes(int(path.removeprefix(BARE)))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
