"""What to open and call after `make run`."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

GUIDE = """
Factorenmodel draait op {url}

  Sleutels van de demo (eerst inlezen):   . {keys}

  De rangschikking met punten per element
    curl {url}/v1/ranking-definitions/public-five-elements-2023
  Het profiel van een wijk
    curl {url}/v1/areas/WK036300/profile
  Uitkomsten aanleveren als partner
    curl -H "Authorization: Bearer $PARTNER_KEY" {url}/v1/outcome-reports
  Dekking en gaten als accounthouder
    curl -H "Authorization: Bearer $ACCOUNTHOLDER_KEY" "{url}/v1/coverage/gaps?municipalityCode=GM0363"
  De beschrijving van de API
    {url}/v1/openapi.json

  Meer voorbeelden staan in README.md. Stoppen: Ctrl-C (de gegevens blijven staan).
"""


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        self.stdout.write(GUIDE.format(url=url, keys=settings.DEMO_KEYS_FILE or "(geen)"))
