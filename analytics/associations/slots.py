"""The way to the report, from the figures of sales, and what a token may read of it."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from analytics.associations.models import OFFICE
from core.api import scopes
from core.slots import fill
from partners.models import Person

scopes.register("reports:read", _("Read reports of learning and sales"))


@fill("sales.office", order=40)
def _way_to_the_report(request: HttpRequest) -> str:
    person: Person = request.person  # type: ignore[attr-defined]
    if not person.has_role(*OFFICE):
        return ""
    return render_to_string("associations/_way.html", {}, request)
