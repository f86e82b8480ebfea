"""The web server's entry. It reaches the database as the role `app`: row security binds it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from core import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("TOMONI_ROLE", "app")

application = get_wsgi_application()
checks.enforce()

# Loaded before the server forks, and put aside from collecting: then its processes share this memory.
get_resolver().check()
gc.collect()
gc.freeze()
