"""The places of reports in the navigation: a partner's managers see their team, the client's people everybody."""

from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from analytics.queries.where import OFFICE
from core import nav
from partners.models import Person


def _of_client(request: HttpRequest) -> bool:
    person: Person = request.person  # type: ignore[attr-defined]
    return person.of_client


def _of_partner(request: HttpRequest) -> bool:
    return not _of_client(request)


nav.register(
    "team",
    pgettext_lazy("place", "Team"),
    "people",
    "analytics:team",
    roles=["manager"],
    order=15,
    only=_of_partner,
)
nav.register(
    "progress",
    pgettext_lazy("place", "Progress"),
    "chart",
    "analytics:progress",
    roles=OFFICE,
    order=15,
    only=_of_client,
)
