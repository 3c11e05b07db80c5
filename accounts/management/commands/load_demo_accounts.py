"""The demo city's tenant, clients, roles and keys. Keys are random; they are written to DEMO_KEYS_FILE only."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import services
from accounts.models import Client, Municipality, RoleGrant

CITY = ("GM0363", "Amsterdam")
CLIENTS = {
    "PARTNER_KEY": (
        "demo-partner",
        "Demo: systeem van een welzijnsorganisatie",
        "partner",
        "demo-stichting-meedoen",
    ),
    "DASHBOARD_KEY": ("demo-dashboard", "Demo: dashboard van de gemeente", "dashboard", ""),
    "ACCOUNTHOLDER_KEY": ("demo-account-holder", "Demo: accounthouder", "account-holder", ""),
    "ADVISER_KEY": ("demo-area-adviser", "Demo: gebiedsadviseur", "area-adviser", ""),
    "STEWARD_KEY": ("demo-data-steward", "Demo: gegevensbeheerder", "data-steward", ""),
    "EDITOR_KEY": ("demo-model-editor", "Demo: modelredacteur", "model-editor", ""),
    "ADMIN_KEY": ("demo-administrator", "Demo: beheerder", "administrator", ""),
}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        city, created = Municipality.objects.get_or_create(code=CITY[0], defaults={"name": CITY[1], "demo": True})
        made = sum(self._client(city, *row) for row in CLIENTS.values()) + created
        self.stdout.write(f"demo accounts: {made} created, {len(CLIENTS) + 1 - made} unchanged")
        if settings.DEMO_KEYS_FILE and not Path(settings.DEMO_KEYS_FILE).exists():
            self._issue_keys(Path(settings.DEMO_KEYS_FILE))

    def _client(self, city: Municipality, code: str, name: str, role: str, organisation: str) -> bool:
        client, created = Client.objects.get_or_create(code=code, defaults={"name": name, "demo": True})
        RoleGrant.objects.get_or_create(client=client, role=role, municipality=city, organisation_code=organisation)
        return created

    def _issue_keys(self, target: Path) -> None:
        lines = [f"export API=http://127.0.0.1:{os.environ.get('PORT', '8000')}/v1\n"]
        for variable, (code, *_rest) in CLIENTS.items():
            text = services.issue_key(client=Client.objects.get(code=code), actor="command:load_demo_accounts")
            lines.append(f"export {variable}={text}\n")
        target.touch(mode=0o600)
        target.write_text("".join(lines))
