"""The front door of accounts: plain values only."""

from accounts.models import Municipality


def municipality_name(*, code: str) -> str | None:
    """Name of a tenant, or None."""
    return Municipality.objects.filter(code=code).values_list("name", flat=True).first()
