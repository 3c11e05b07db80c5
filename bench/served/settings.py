"""Our settings, and one address more: a constant answer by the same server."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.served.urls"
ALLOWED_HOSTS = ["*"]
