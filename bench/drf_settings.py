"""Settings of a plain DRF service on our tables: those of `django-admin startproject`, and of DRF none.

Kinder than that: a connection is kept between requests, where the template makes a new one for each.
"""

from typing import Any

from config.settings import *  # noqa: F403
from config.settings import DATABASES as OURS

ROOT_URLCONF = "bench.outcome_peer_views"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
REST_FRAMEWORK: dict[str, Any] = {}


def _plain(ours: dict[str, Any]) -> dict[str, Any]:
    """Django's own backend; it sees all rows, as nobody tells the database who asks."""
    options = ours["OPTIONS"] | {"options": "-c factorenmodel.reach=*"}
    return ours | {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options, "CONN_HEALTH_CHECKS": False}


DATABASES = {name: _plain(ours) for name, ours in OURS.items()}
