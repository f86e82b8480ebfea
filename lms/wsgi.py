"""The web server's entry. It reaches the database as the role `app`: row security binds it."""

import os

from django.core.wsgi import get_wsgi_application

from core import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("TOMONI_ROLE", "app")

application = get_wsgi_application()
checks.enforce()
