"""Periodic jobs of quick posts. Each calls one action and survives being run twice."""

from core.jobs import job
from courses.posts.actions import settling


@job("posts.settle_videos")
def settle_videos() -> None:
    """Bring in the videos that have become ready, and take out those that can't be shown."""
    settling.settle_videos()
