"""Periodic jobs of authoring. Each calls one action and survives being run twice."""

from core.jobs import job
from courses.authoring.actions import publications


@job("authoring.publish_due")
def publish_due() -> None:
    """Publish what was planned for a moment that has come."""
    publications.publish_due()
