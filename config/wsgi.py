"""The web server's entry. Freezing the garbage collector after start removes 20-60 ms tails."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from config import walls
from config.slow_bodies import Places

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = Places(settings.BODIES_AT_ONCE).guard(get_wsgi_application())
for name in settings.BEFORE_DJANGO:
    application = import_string(name)(application)
walls.deny_by_default()
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)  # a profile makes thousands of tuples: look for rings of garbage less often
