"""The way to the report, from the figures of sales below which it stands, and what a token may read of it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from analytics.associations.models import OFFICE
from core import nav
from core.api import scopes
from core.slots import fill
from partners.requests import PersonRequest

scopes.register("reports:read", _("Read reports of learning and sales"))
nav.put_below("sales", "associations:ask")


@fill("sales.office", order=40)
def _way_to_the_report(request: PersonRequest) -> str:
    if not request.person.has_role(*OFFICE):
        return ""
    return render_to_string("associations/_way.html", {}, request)
