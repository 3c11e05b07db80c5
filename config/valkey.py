"""The counters in Valkey: small, shared by all processes, and never the only place of something that matters."""

from functools import cache

import redis
from django.conf import settings

AWAY = (redis.RedisError, OSError)
"""What a caller catches when Valkey does not answer."""


@cache
def valkey() -> "redis.Redis":
    """The connection pool of this process; half a second is the longest it waits."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
