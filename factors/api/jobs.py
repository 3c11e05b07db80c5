"""Long tasks of either store, for who asked for them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import Needs, require_still
from config.api.jobs import JobSerializer
from config.api.resources import SingleResource
from config.errors import Conflict, NotFound
from config.ledger import records
from config.ledger.jobs import cancel
from config.stores import STORES
from factors.access import principal_of


class AlreadyFinished(Conflict):
    code = "already-finished"


class JobView(SingleResource):
    """Een lange taak: hoe ver zij is en wat eruit kwam. Alleen voor wie erom vroeg; DELETE stopt haar."""

    access = {"GET": Needs("jobs.read"), "DELETE": Needs("jobs.read")}
    item, cache = JobSerializer, "no-store"
    matched = frozenset()  # gone is gone, whatever was read before
    bodies = {"DELETE": (None, {200: JobSerializer})}

    def thing(self) -> Any:
        for store in STORES:
            jobs = records.model(store, "Job")._default_manager
            if job := jobs.filter(pk=self.kwargs["id"], requested_by=principal_of(self.request).id).first():
                return job
        raise NotFound

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop de taak. Een werker houdt er bij de eerste gelegenheid mee op; wat al klaar is, blijft."""
        job = self.thing()
        with transaction.atomic(using=job._state.db):  # of either store
            if not cancel(job):
                raise AlreadyFinished(_("Deze taak is al afgelopen."))
            require_still(request)
        return Response(self.shape(self.thing()))
