"""The mailbox of `./run`: where mail lands while there is no mail server."""

import uuid
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import allow
from core.models import MailboxMessage

_A_PAGE = 30


def only_embedded(view: Any) -> Any:
    """Refuse a view with 404 in production, where it must not exist."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.EMBEDDED or settings.TESTING):
            raise Http404
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return wrapped


@allow("anyone")
@only_embedded
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the messages, the newest first; `?to=` shows one recipient's. 2 queries."""
    messages = MailboxMessage.objects.order_by("-received_at", "-pk")
    recipient = request.GET.get("to", "").replace("\x00", "").strip()
    if recipient:
        messages = messages.filter(recipient__iexact=recipient)
    page = Paginator(messages, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/mailbox.html", {"page": page, "recipient": recipient})


@allow("anyone")
@only_embedded
@never_cache
@require_safe
def message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one message; addresses in its text can be followed."""
    found = get_object_or_404(MailboxMessage, pk=pk)
    return render(request, "core/mailbox_message.html", {"mail": found})
