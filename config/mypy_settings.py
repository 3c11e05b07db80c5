"""Settings for the type checker, which reads models and connects to nothing."""

import os

for name in ("DATABASE_URL", "MONITORING_DATABASE_URL"):
    os.environ.setdefault(name, "postgresql://nobody@/nothing")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ.setdefault("SECRET_KEY", "for the type checker only")

from config.settings import *  # noqa: E402, F403
