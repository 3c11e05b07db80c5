"""Who may call what: decided by hand, route by route. A new route fails the sweep until it stands here."""

ROLES = (
    "partner",
    "dashboard",
    "account-holder",
    "area-adviser",
    "data-steward",
    "model-editor",
    "administrator",
)
EVERYONE = frozenset({"", *ROLES})
INSIDE = frozenset({"account-holder", "area-adviser", "data-steward"})
PUBLIC = {"GET": EVERYONE}

EXPECTED: dict[str, dict[str, frozenset[str]]] = {
    "/livez": PUBLIC,
    "/readyz": PUBLIC,
    "/problems/{code}": PUBLIC,
    "/v1/": PUBLIC,
    "/v1/openapi.json": PUBLIC,
}
