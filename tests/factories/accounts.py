from typing import Any

from accounts import people, services
from accounts.models import Client, Municipality, RoleGrant, User

PASSWORD = "een lang genoeg wachtwoord"


def key(role: str, *, municipality: str = "GM0363", organisation: str = "") -> str:
    """The text of a fresh key for a client with this one role."""
    city, _ = Municipality.objects.get_or_create(code=municipality, defaults={"name": municipality})
    organisation = organisation or ("org-a" if role == "partner" else "")
    code = f"{role}-{municipality}-{organisation}".lower().strip("-")
    client, _ = Client.objects.get_or_create(code=code, defaults={"name": code})
    RoleGrant.objects.get_or_create(client=client, role=role, municipality=city, organisation_code=organisation)
    return services.issue_key(client=client, actor="test")


def person(
    role: str = "", *, municipality: str = "GM0363", organisation: str = "", name: str = "", **more: Any
) -> User:
    """A person with this one role, or none; the password is PASSWORD."""
    city, _ = Municipality.objects.get_or_create(code=municipality, defaults={"name": municipality})
    organisation = organisation or ("org-a" if role == "partner" else "")
    grants = [RoleGrant(role=role, municipality=city, organisation_code=organisation)] if role else []
    name = name or f"{role or 'nobody'}-{municipality}".lower()
    return people.create(by="test", username=name, password=PASSWORD, grants=grants, **more)
