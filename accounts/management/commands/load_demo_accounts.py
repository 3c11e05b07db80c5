"""The demo city's tenant, clients, people and roles. Their random keys and passwords go to DEMO_KEYS_FILE only."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import people, services
from accounts.models import Client, Municipality, RoleGrant, User

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


PEOPLE = {
    "ADMIN": ("demo-beheerder", "administrator", ""),
    "PARTNER": ("demo-partner", "partner", "demo-stichting-meedoen"),
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
        lines += self._issue_passwords()
        target.touch(mode=0o600)
        target.write_text("".join(lines))

    def _issue_passwords(self) -> list[str]:
        """People of the demo, with fresh passwords: one looks after its accounts, one works at a partner."""
        lines = []
        for variable, (name, role, organisation) in PEOPLE.items():
            password = secrets.token_urlsafe(15)
            user = User.objects.filter(username=name).first()
            if user is None:
                grant = RoleGrant(role=role, municipality_id=CITY[0], organisation_code=organisation)
                people.create(by="command:load_demo_accounts", username=name, password=password, grants=[grant])
            else:
                user.set_password(password)
                user.save(update_fields=["password"])
            lines += [f"export {variable}_USER={name}\n", f"export {variable}_PASSWORD={password}\n"]
        return lines
