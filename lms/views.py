"""Pages that several floors make together."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import allow
from courses.catalog import reading
from courses.catalog.keeping import keepable
from courses.progress import queries as progress
from lms.office import office
from partners.models import Person

LISTED = 4
"""How many modules stand in a list under the one next thing; the rest is one tap away."""


@allow("anyone", shared=("place",))
@keepable
def home(request: HttpRequest) -> HttpResponse:
    """The first page: for a rep the one next thing to do, for the office what it looks after."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        return redirect(
            "account_login"
        )  # the middleware has led to set-up or the demo people already
    if person.has_role("rep"):
        return _rep_home(request, person)
    found = office(person)
    context = {
        "office": found,
        "asked": progress.asked_ways(person)[:LISTED],
        "today": timezone.localdate(),
    }
    return render(request, "lms/office.html", context)


def _rep_home(request: HttpRequest, person: Person) -> HttpResponse:
    shortlist = progress.shortlist(person, first=LISTED + 2)
    ways = shortlist.ways
    now = progress.next_way(ways)
    others = [way for way in ways if way.to_do and way is not now]
    asked = progress.in_order([way for way in others if way.asked])
    others = [way for way in others if not way.asked]
    context = {
        "today": timezone.localdate(),
        "now": now,
        "picture": reading.picture(now.card.picture, person.pk) if now else None,
        "asked": asked[:LISTED],
        "others": others[:LISTED],
        "more": len(others) > LISTED,
        "done": shortlist.done,
        "total": shortlist.total,
        "practise": progress.to_practise(ways),
    }
    return render(request, "lms/home.html", context)
