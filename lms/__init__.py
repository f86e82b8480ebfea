"""The composition: settings, URLs, workers, and the demo world."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
