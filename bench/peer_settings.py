"""Settings of the bare views that `bench.outcomes` measures against: ours, without middleware."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.outcome_peer_views"
MIDDLEWARE: list[str] = []
