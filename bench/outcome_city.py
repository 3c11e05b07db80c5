"""Whose invented outcomes the bench delivers: to ours and to its peers alike."""

CITY, ORGANISATION = "GM9901", "bench-org"
