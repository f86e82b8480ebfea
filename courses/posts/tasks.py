"""Periodic jobs of quick posts. Each calls one action and survives being run twice."""

from core.jobs import job
from courses.posts import actions


@job("posts.publish_ready")
def publish_ready() -> None:
    """Publish the posts whose video has become ready."""
    actions.publish_ready()
