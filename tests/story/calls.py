"""The calls that README shows, read from it and carried out as they stand there.

A block of `sh` holds one curl command (`-H`, `--json`, `-X`, a URL); the `json` block after it shows what must be in
the answer, with "…" for what may be anything.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class Call:
    command: str
    shown: Any


def calls_of(readme: Path) -> Iterator[Call]:
    for command, shown in re.findall(r"```sh\n(curl .+?)```\s*```json\n(.+?)```", readme.read_text(), re.DOTALL):
        yield Call(command.replace("\\\n", " ").strip(), json.loads(shown))


def carry_out(call: Call, variables: Mapping[str, str]) -> httpx.Response:
    """Do what the curl command says; `$NAME` comes from the variables."""
    text = re.sub(r"\$(\w+)", lambda found: variables[found[1]], call.command)
    words = iter(shlex.split(text)[1:])
    method, headers, content, url = "GET", {}, None, ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "--json":
            method, content = "POST", next(words)
            headers["Content-Type"] = "application/json"
        elif word == "-X":
            method = next(words)
        elif not word.startswith("-"):
            url = word
    return httpx.request(method, url, headers=headers, content=content, timeout=30)


def missing(shown: Any, answer: Any, path: str = "") -> list[str]:
    """Where the answer differs from what is shown; extra members and extra list items are fine."""
    if shown == "…":
        return []
    if isinstance(shown, dict):
        if not isinstance(answer, dict):
            return [f"{path}: {answer!r} is no object"]
        absent = [f"{path}/{key} is missing" for key in shown if key not in answer]
        return absent + [f for key in shown if key in answer for f in missing(shown[key], answer[key], f"{path}/{key}")]
    if isinstance(shown, list):
        if not isinstance(answer, list) or len(answer) < len(shown):
            return [f"{path}: fewer items than shown"]
        return [f for i, value in enumerate(shown) for f in missing(value, answer[i], f"{path}/{i}")]
    return [] if shown == answer else [f"{path}: {answer!r} instead of {shown!r}"]
