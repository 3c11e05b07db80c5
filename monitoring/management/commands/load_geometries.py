"""Load borders of areas from a GeoJSON file (longitude and latitude, CRS84), such as PDOK's wijken en buurten."""

from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from monitoring.geometry import BadGeometry
from monitoring.services.geography import geometries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, help="of which vintage of the areas; without it the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = geometries.load(orjson.loads(options["file"].read_bytes()), year=options["year"], actor="command")
        except orjson.JSONDecodeError as problem:
            raise CommandError(f"this is no JSON: {problem}") from problem
        except BadGeometry as problem:
            for fault in problem.faults:
                self.stderr.write(f"{fault.location}: {fault.detail} ({fault.code})")
            raise CommandError(f"{len(problem.faults)} faults; nothing was loaded") from problem
        self.stdout.write(f"borders: {found.updated} updated, {found.unchanged} unchanged")
