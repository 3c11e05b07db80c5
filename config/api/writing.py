"""Changes are kept only if whoever makes them still may when they are done (POST: config/api/idempotency.py)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from rest_framework.request import Request

from config.api.access import require_still

Handler = Callable[..., Any]
KEPT_TO_RIGHTS: set[Handler] = set()
"""All handlers of this kind."""


def kept_to_rights(change: Handler) -> Handler:
    """A handler whose change is one transaction in the store of its resource, with the rights asked again at its end.

    It raises PermissionDenied or AuthenticationFailed, and nothing is kept, when rights were taken while it ran.
    """

    @wraps(change)
    def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.method != "DELETE":
            _ = request.data  # a body that comes slowly holds up no transaction
        with transaction.atomic(using=self.store):
            answer = change(self, request, *args, **kwargs)
            if not self.takes_rights:
                require_still(request)
        return answer

    KEPT_TO_RIGHTS.add(run)
    return run
