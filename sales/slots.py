"""Where sales figures stand in lower pages: in the navigation, a rep's own day and the office's month at home."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import nav, serviceworker
from core.api import scopes
from core.slots import fill
from partners.requests import PersonRequest
from sales import measures, words
from sales.columns import columns
from sales.models import Product
from sales.queries import days
from sales.queries.glance import glance

OFFICE = ("manager", "sales_manager", "admin")
"""Roles that see sales figures; of a partner only managers exist among them."""

scopes.register("sales:read", _("Read sales figures"))
scopes.register("sales:write", _("Write sales figures"))

nav.register(
    "sales", pgettext_lazy("place", "Sales"), "filter", "sales:funnel", roles=OFFICE, order=17
)
nav.name("sales:day", _("Your day"))
serviceworker.precache("sales/day.css", "sales/day.js")


@fill("first.steps")
def first_steps(request: PersonRequest) -> str:
    """Ask a new client to name what is sold. One query."""
    context = {"done": Product.objects.exists()}
    return render_to_string("sales/first_step.html", context, request)


@fill("home.sales")
def month_so_far(request: PersonRequest) -> str:
    """Show who looks after selling the month so far and the wins of the last months. At most six queries every five
    minutes.

    Nothing to whom it isn't for, nor before anything was told; administrators look after people and content first.
    """
    person = request.person
    if not person.has_role("manager", "sales_manager"):
        return ""
    found = glance(person)
    if found is None:
        return ""
    bars = zip(found.months, columns([each.won for each in found.months]), strict=True)
    context = {
        "found": found,
        "bars": list(bars),
        "is_first": found.today == found.month,
        "counts": (measures.APPOINTMENTS, measures.WON),
    }
    return render_to_string("sales/home_month.html", context, request)


@fill("home.today")
def own_day(request: PersonRequest) -> str:
    """Ask a rep who enters figures by hand for today's, or lead back to them. At most one query."""
    found = days.today_of(request.person)
    if not found.is_asked and found.counts is None:
        return ""
    entered = found.counts or {}
    counts = [(words.LABELS[key], entered[key]) for key in measures.ALL if entered.get(key)]
    context = {"is_entered": found.counts is not None, "counts": counts}
    return render_to_string("sales/home_day.html", context, request)
