"""How endpoints, sendings and times are written on pages."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from partners.webhooks import kinds, words
from partners.webhooks.models import Endpoint, Sending
from partners.webhooks.queries import Tested

register = template.Library()


@register.filter
def endpoint_state(endpoint: Endpoint) -> tuple[Any, str, str]:
    """Return what is said of an endpoint's state, with tone and icon."""
    return words.STATES[endpoint.state]


@register.filter
def sending_state(sending: Sending) -> tuple[Any, str, str]:
    """Return what is said of a sending's state, with tone and icon."""
    return words.SENDINGS[sending.state]


@register.filter
def outcome(tested: Tested) -> tuple[str, str]:
    """Return what came of a test, in plain words, and their tone."""
    sending, last = tested.sending, tested.last
    at = sending.settled_at or sending.created_at
    when = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return words.tested(
        sending.state, when, last.status if last else None, last.error if last else ""
    )


@register.filter
def kind_label(name: str) -> str:
    """Return how a kind of news is called."""
    return kinds.label_of(name)


@register.filter
def explained(code: str) -> str:
    """Return what a reason means."""
    return words.explain(code)


@register.filter
def took(milliseconds: int) -> str:
    """Return a time: 84 ms, 1.2 s."""
    if milliseconds < 1000:
        return _("%(n)s ms") % {"n": milliseconds}
    return _("%(n)s s") % {"n": number_format(milliseconds / 1000, 1)}
