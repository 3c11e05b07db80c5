"""Style sheets, icons and the scripts of the administration, from the installed packages; none from elsewhere."""

import mimetypes
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse

from config.methods import read_only

MOST_FILES = 500
CACHE = "public, max-age=3600"


@read_only
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """One file by its name; the entity tag (config/middleware.py) saves sending it twice."""
    found = _read(name) if "\x00" not in name else None
    if found is None:
        raise Http404()
    content, kind = found
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": CACHE})


@lru_cache(maxsize=MOST_FILES)
def _read(name: str) -> tuple[bytes, str] | None:
    """Only what the finders know lies within their folders; None for anything else."""
    try:
        path = finders.find(name)
    except (OSError, ValueError):  # Django's SuspiciousFileOperation is no ValueError, and becomes a 400
        return None
    if not path or not Path(path).is_file():
        return None
    kind, _encoding = mimetypes.guess_type(name)
    return Path(path).read_bytes(), kind or "application/octet-stream"
