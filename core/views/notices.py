"""What one person should know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import allow
from core.notices import actions, queries
from core.views.who import person_of


@allow("person")
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List a person's newest notices; those shown for the first time are marked, and then read."""
    person = person_of(request)
    shown = queries.shown(person.pk)
    if any(entry.is_new for entry in shown):
        actions.mark_read(person_id=person.pk, shown=[entry.id for entry in shown])
    return render(request, "core/notices.html", {"notices": shown, "notice_count": 0})
