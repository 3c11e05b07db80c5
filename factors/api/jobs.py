"""Long tasks of either store, for who asked for them."""

from typing import Any

from config.api.access import Needs
from config.api.jobs import JobSerializer
from config.api.resources import SingleResource
from config.errors import NotFound
from config.ledger import records
from config.stores import STORES
from factors.access import principal_of


class JobView(SingleResource):
    """Een lange taak: hoe ver zij is en wat eruit kwam. Alleen voor wie erom vroeg."""

    access, item, cache = {"GET": Needs("jobs.read")}, JobSerializer, "no-store"

    def thing(self) -> Any:
        for store in STORES:
            jobs = records.model(store, "Job")._default_manager
            if job := jobs.filter(pk=self.kwargs["id"], requested_by=principal_of(self.request).id).first():
                return job
        raise NotFound
