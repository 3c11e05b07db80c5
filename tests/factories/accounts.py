from accounts import services
from accounts.models import Client, Municipality, RoleGrant


def key(role: str, *, municipality: str = "GM0363", organisation: str = "") -> str:
    """The text of a fresh key for a client with this one role."""
    city, _ = Municipality.objects.get_or_create(code=municipality, defaults={"name": municipality})
    organisation = organisation or ("org-a" if role == "partner" else "")
    code = f"{role}-{municipality}-{organisation}".lower().strip("-")
    client, _ = Client.objects.get_or_create(code=code, defaults={"name": code})
    RoleGrant.objects.get_or_create(client=client, role=role, municipality=city, organisation_code=organisation)
    return services.issue_key(client=client, actor="test")
