"""Slow headers and slow bodies against the real web server: whoever asks meanwhile is answered, in bounded time."""

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest
from django.conf import settings

from config.slow_bodies import GRACE
from deploy.local.application import IMPATIENT
from deploy.local.services import OWNER_VARIABLES

THREADS, SENDERS = 4, 40
BODY = (
    b"POST /v1/scenarios HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
)
LOGIN = (b"POST /inloggen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         b"Content-Length: 5000\r\n\r\na")  # fmt: skip
HEADERS = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a"


@pytest.fixture(scope="module")
def port(django_db_setup):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name not in OWNER_VARIABLES}
    options = ["--interface", "wsgi", "--no-ws", "--blocking-threads", str(THREADS), "--port", str(number), *IMPATIENT]
    web = subprocess.Popen([sys.executable, "-m", "granian", *options, "config.wsgi:application"], env=env)
    try:
        deadline = time.monotonic() + 240
        while not answered(number):
            assert web.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield number
    finally:
        web.terminate()
        try:
            web.wait(60)
        except subprocess.TimeoutExpired:
            web.kill()


def answered(port, path="/readyz", timeout=5.0):
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=timeout).status_code == 200
    except httpx.HTTPError:
        return False


class Senders:
    """Many connections that each send one byte a second."""

    def __init__(self, port, start):
        self.open, self.answers = [], []
        for _number in range(SENDERS):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(start)
            connection.setblocking(False)
            self.open.append(connection)

    def send(self):
        """One byte from each; keeps what was answered and forgets who was cut off."""
        for connection in list(self.open):
            try:
                told = connection.recv(4096)
                self.answers += [told] if told else []
                if not told:
                    raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                self.close(connection)
                continue
            try:
                connection.send(b"a")
            except OSError:
                self.close(connection)

    def close(self, connection):
        connection.close()
        self.open.remove(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in list(self.open):
            self.close(connection)


def slowest(port, senders, seconds):
    """The longest that somebody else waited for an answer during these seconds; each was answered."""
    until, worst = time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        senders.send()
        began = time.monotonic()
        assert answered(port, timeout=20)
        worst = max(worst, time.monotonic() - began)
        time.sleep(1)
    return worst


@pytest.mark.parametrize("start", [BODY, LOGIN], ids=["api", "page"])
def test_slow_bodies_leave_a_thread_to_whoever_asks(port, start):
    with Senders(port, start) as senders:
        worst = slowest(port, senders, 6)

        refused = [told for told in senders.answers if told.startswith((b"HTTP/1.1 503", b"HTTP/1.1 403"))]
        assert worst < 10
        assert len(refused) >= SENDERS - THREADS
    assert answered(port)


def test_bodies_that_stay_slow_are_cut_off_and_make_room(port):
    with Senders(port, BODY) as senders:
        until = time.monotonic() + GRACE + 20
        while senders.open and time.monotonic() < until:
            senders.send()
            time.sleep(1)

        told = [answer for answer in senders.answers if answer.startswith(b"HTTP/1.1 408")]
        assert len(told) >= settings.BODIES_AT_ONCE
        assert b"application/problem+json" in told[0] and b"/problems/too-slow" in told[0]
        assert senders.open == []
    other = httpx.post(f"http://127.0.0.1:{port}/v1/scenarios", json={}, timeout=20)
    assert other.status_code in {400, 401}


def test_slow_headers_are_cut_off(port):
    with Senders(port, HEADERS) as senders:
        worst = slowest(port, senders, 14)

        assert worst < 5
        assert senders.open == []


def test_bodies_that_are_there_are_read_however_many_at_once(port):
    body = b'{"modelCode": "public"}' + b" " * 100_000
    head = b"POST /v1/scenarios HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    connections = [socket.create_connection(("127.0.0.1", port)) for _number in range(SENDERS)]
    for connection in connections:
        connection.sendall(request)

    statuses = {connection.recv(12) for connection in connections}

    for connection in connections:
        connection.close()
    assert b"HTTP/1.1 503" not in statuses
