"""Finds the texts of Django's templates for Babel: `{% translate "…" %}` and `{% blocktranslate %}…`."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

TEXT = re.compile(r'{%\s*translate\s+(?:"([^"]*)"|\'([^\']*)\')')
BLOCK = re.compile(r"{%\s*blocktranslate\b[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def extract(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """(line, function, text, comments) of each text; a variable in a block becomes `%(name)s`, as Django does."""
    content = file.read().decode()
    for pattern in (TEXT, BLOCK):
        for found in pattern.finditer(content):
            text = next(group for group in found.groups() if group is not None)
            yield content.count("\n", 0, found.start()) + 1, "_", VARIABLE.sub(r"%(\1)s", text), []
