"""Make the first person who may log in: for the whole installation, or with --municipality for one municipality.

The password is random and shown once; whoever gets it changes it under /mijn/wachtwoord.
"""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import people
from accounts.models import Municipality, RoleGrant, User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")
        parser.add_argument("--municipality", default="", help="CBS code, as in GM0363; without: the installation.")

    def handle(self, *args: Any, username: str, email: str, municipality: str, **options: Any) -> None:
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a person called {username} already.")
        if municipality and not Municipality.objects.filter(code=municipality).exists():
            raise CommandError(f"There is no municipality {municipality} here.")
        password = secrets.token_urlsafe(15)
        grants = [RoleGrant(role="administrator", municipality_id=municipality)] if municipality else []
        people.create(by="command:create_administrator", username=username, email=email, password=password,
                      grants=grants, superuser=not municipality)  # fmt: skip
        self.stdout.write(f"name: {username}\npassword (shown once): {password}")
