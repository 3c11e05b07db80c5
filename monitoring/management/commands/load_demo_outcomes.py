"""Deliver three years of invented reports for the demo city, aggregate them and make its first release."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.days import today
from monitoring.services.delivery.demo_outcomes import load_demo

CITY = "GM0363"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_demo(municipality_code=CITY, day=today(), minimum=settings.DISCLOSURE_MINIMUM)
        self.stdout.write(f"demo outcome reports: {report}")
