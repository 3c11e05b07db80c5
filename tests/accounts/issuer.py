"""A small real issuer of access tokens: an HTTP server with a key set and a token endpoint for client credentials."""

import base64
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

SECRETS = {"client-a": "secret-a"}


class Issuer:
    """Signs with `key`; publishes `published`. `asked` counts requests per path, `audience` is what tokens are for."""

    def __init__(self, url: str, audience: str) -> None:
        self.url, self.audience = url, audience
        self.asked: Counter[str] = Counter()
        self.broken = False
        self.rotate()

    def rotate(self, kind: str = "RS256") -> None:
        """A fresh key takes over; the old one is no longer published."""
        named = {"kid": uuid.uuid4().hex, "use": "sig", "alg": kind}
        self.key = ECKey.generate_key("P-256", named) if kind == "ES256" else RSAKey.generate_key(2048, named)
        self.algorithm = kind
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Those of a sound token for client-a; a change to None leaves a claim out."""
        now = int(time.time())
        sound = {
            "iss": self.url, "aud": self.audience, "sub": "client-a", "client_id": "client-a", "jti": uuid.uuid4().hex,
            "iat": now, "nbf": now, "exp": now + 300, "scope": "agreements.read outcomes.read",
        }  # fmt: skip
        return {name: value for name, value in (sound | changes).items() if value is not None}

    def token(self, *, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
        full = {"alg": self.algorithm, "typ": "at+jwt", "kid": self.key.kid} | (header or {})
        kept = {name: value for name, value in full.items() if value is not None}
        return jwt.encode(kept, self.claims(**changes), key or self.key, algorithms=[kept["alg"]])

    def forged(self, header: dict[str, Any], sign: Callable[[bytes], bytes], payload: bytes = b"") -> str:
        """A token of exactly these parts, sound or not, signed by hand."""
        told = payload or json.dumps(self.claims()).encode()
        parts = ".".join(_text(part) for part in (json.dumps(header).encode(), told))
        return f"{parts}.{_text(sign(parts.encode()))}"

    def rs256(self, content: bytes) -> bytes:
        return self.key.private_key.sign(content, PKCS1v15(), SHA256())

    def answer(self, path: str, authorization: str, form: dict[str, list[str]]) -> tuple[int, Any]:
        self.asked[path] += 1
        if self.broken:
            return 500, {}
        if path == "/certs":
            return 200, {"keys": self.published}
        client, _colon, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if path != "/token" or SECRETS.get(client) != secret or form.get("grant_type") != ["client_credentials"]:
            return 401, {"error": "invalid_client"}
        token = self.token(sub=client, client_id=client, scope=form["scope"][0])
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 300}


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@contextmanager
def running(audience: str) -> Iterator[Issuer]:
    """An issuer that listens on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(length).decode())
            status, body = issuer.answer(self.path, self.headers.get("Authorization", ""), form)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", audience)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
