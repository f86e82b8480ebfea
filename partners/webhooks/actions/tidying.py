"""Forgetting old messages."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from core import scope
from partners.webhooks.models import Message

_A_ROUND = 5000


def forget_old() -> int:
    """Delete messages older than the log is kept, with all that became of them. Returns how many."""
    before = timezone.now() - dt.timedelta(days=settings.WEBHOOK_LOG_DAYS)
    with scope.scoped(scope.CLIENT):
        old = Message.objects.filter(created_at__lt=before).order_by("created_at")
        ids = list(old.values_list("pk", flat=True)[:_A_ROUND])
        Message.objects.filter(pk__in=ids).delete()
    return len(ids)
