"""What imports add to lower apps' pages: the way to them beside the funnel, and their news for other systems."""

from django.template.loader import render_to_string

from core.slots import fill
from partners.requests import PersonRequest
from sales.imports import webhooks
from sales.imports.models import takes_in

webhooks.declare_all()


@fill("sales.office")
def beside_figures(request: PersonRequest) -> str:
    """Show the way to imports to whoever takes figures in."""
    if not takes_in(request.person):
        return ""
    return render_to_string("imports/_office.html", {}, request)
