"""Counted tries, for the time in which Redis is away."""

from django.db import models


class RateWindow(models.Model):
    """How often something was tried in one window of time; `core.ratelimit` says what `key` is made of."""

    key = models.CharField(max_length=120, primary_key=True)
    hits = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.hits}"
