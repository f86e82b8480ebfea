"""For the client's admins: what happens behind the pages, and what needs a decision."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import health, mail, outbox
from core.access import allow
from core.models import Delivery
from core.views.who import operator

_A_PAGE = 30

_QUEUES = {
    "score": gettext_lazy("Scores and points"),
    "media": gettext_lazy("Videos"),
    "bulk": gettext_lazy("Mail and imports"),
    "stats": gettext_lazy("Statistics"),
}


@allow("admin")
@never_cache
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show parked deliveries, those that were tried in vain so far, and mail that is stuck. 7 queries."""
    operator(request)
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).order_by("-id")
    trying = Delivery.objects.filter(state=Delivery.State.PENDING).exclude(error="")
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING).aggregate(
        count=Count("id"), oldest=Min("created_at")
    )
    context = {
        "page": Paginator(parked, _A_PAGE).get_page(request.GET.get("page")),
        "trying": trying.order_by("next_at")[:_A_PAGE],
        "waiting": waiting,
        "mails": mail.stuck()[:_A_PAGE],
        "workers": [
            {"queue": _QUEUES.get(queue, queue), "ok": ok} for queue, ok in health.singing().items()
        ],
        "max_tries": outbox.MAX_TRIES,
    }
    return render(request, "core/deliveries.html", context)


@allow("admin")
@require_POST
def retry_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one parked delivery up again."""
    operator(request)
    if outbox.retry(pk):
        messages.success(request, _("It's being tried again."))
    else:
        messages.info(request, _("It isn't parked any more."))
    return redirect("core:deliveries")


@allow("admin")
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Take every parked delivery up again, as after a mended mistake."""
    operator(request)
    parked = Delivery.objects.filter(state=Delivery.State.PARKED).order_by("id")
    count = sum(outbox.retry(pk) for pk in list(parked.values_list("pk", flat=True)[:1000]))
    messages.success(request, _("%(count)d are being tried again.") % {"count": count})
    return redirect("core:deliveries")


@allow("admin")
@require_POST
def retry_mail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one stuck message after all."""
    operator(request)
    if mail.retry(pk):
        messages.success(request, _("It's being sent again."))
    else:
        messages.info(request, _("It isn't stuck any more."))
    return redirect("core:deliveries")
