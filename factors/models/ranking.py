"""Rankings: what to rank (definition), one result for ever (snapshot), what is stale (mark)."""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models.functions import Now

from factors.querysets import RankingDefinitionQuerySet


class RankingSnapshot(models.Model):
    """One ranking with all it rests on. The id is the SHA-256 of its canonical inputs; the result never changes."""

    ledger_rights = "append-only"

    id = models.CharField(max_length=64, primary_key=True)
    municipality_code = models.CharField(max_length=10, blank=True)  # empty: shared by all
    model_code = models.CharField(max_length=100)
    model_version = models.CharField(max_length=40)
    method = models.CharField(max_length=40)
    parameter_set = models.CharField(max_length=40)
    area_code = models.CharField(max_length=100, blank=True)
    inputs = models.TextField()  # canonical JSON, hashed
    result = models.TextField()  # canonical JSON, served as it is
    created_at = models.DateTimeField(db_default=Now())
    code_commit = models.CharField(max_length=40, blank=True)


class RankingDefinition(models.Model):
    """What to rank and how; workers keep its newest snapshot up to date."""

    code = models.CharField(max_length=100, primary_key=True)
    municipality_code = models.CharField(max_length=10, blank=True)
    name_nl = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    model_code = models.CharField(max_length=100)
    model_version = models.CharField(max_length=40, blank=True)  # empty: follow the latest published version
    method = models.CharField(max_length=40)
    parameter_set = models.CharField(max_length=40)
    selection = models.JSONField(default=dict)  # goals with weights, mode, life phase, life domain, kind
    area_code = models.CharField(max_length=100, blank=True)
    local_data = models.JSONField(default=dict)
    draws = models.PositiveIntegerField(default=0)
    seed = models.BigIntegerField(default=0)
    doubt = models.JSONField(default=dict)  # what differs from doubt/1, by name of DoubtParameters; empty: nothing
    newest_snapshot = models.ForeignKey(RankingSnapshot, on_delete=models.PROTECT, null=True)
    problem = models.CharField(
        max_length=60, blank=True
    )  # code of why it could not be computed; the snapshot then stays
    demo = models.BooleanField(default=False)

    objects = RankingDefinitionQuerySet.as_manager()

    @property
    def wanted(self) -> dict[str, Any]:
        """What is to be ranked, as plain values."""
        kept = ("code", "newest_snapshot", "problem")
        return {f.name: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name not in kept}

    @property
    def state(self) -> str:
        """Another text whenever anything of it is another."""
        said = [*self.wanted.items(), self.newest_snapshot_id, self.problem]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


class RankingMark(models.Model):
    """A definition that something made stale, written in the transaction of that change. Claimed by deleting it."""

    definition = models.ForeignKey(RankingDefinition, on_delete=models.CASCADE, related_name="marks")
    reason = models.CharField(max_length=100)
    marked_at = models.DateTimeField(db_default=Now())
