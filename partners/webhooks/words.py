"""What pages say about endpoints, sendings and what came of them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

IS_ARCHIVED = _("This endpoint is archived. Bring it back first.")
CHOOSE_KINDS = _("Choose at least one kind of news.")
IS_OFF = _("Switch this endpoint on first: nothing goes out to it now.")

STATES: "dict[str, tuple[Promise, str, str]]" = {
    "active": (pgettext_lazy("endpoint", "Active"), "ok", "check"),
    "paused": (pgettext_lazy("endpoint", "Paused"), "", "clock"),
    "disabled": (pgettext_lazy("endpoint", "Switched off after failures"), "bad", "alert"),
    "archived": (pgettext_lazy("endpoint", "Archived"), "", "archive"),
}
"""What is said of an endpoint's state, with tone and icon."""

SENDINGS: "dict[str, tuple[Promise, str, str]]" = {
    "waiting": (pgettext_lazy("webhook", "Waiting"), "", "clock"),
    "delivered": (pgettext_lazy("webhook", "Delivered"), "ok", "check"),
    "failed": (pgettext_lazy("webhook", "Failed"), "bad", "alert"),
}
"""What is said of a sending's state, with tone and icon."""

REASONS: "dict[str, Promise]" = {
    "not_an_address": _("This is no address. It looks like https://example.com/tomoni."),
    "not_https": _("The address has to begin with https://."),
    "userinfo": _("The address must not hold a name or password before the @."),
    "fragment": _("The address must not hold a # part."),
    "port": _("The port has to be 443, or 1024 and above."),
    "private": _("The address leads into a private network. Webhooks go to public addresses only."),
    "unresolved": _("The name leads nowhere: no address was found for it."),
    "unreachable": _("Nobody takes connections there."),
    "broken": _("The connection broke before there was an answer."),
    "timeout": _("There was no answer in time."),
    "tls": _("The certificate doesn't fit the name, or TLS failed."),
    "redirect": _("It answered with a redirect. Enter the address that it leads to."),
    "gone": _("It answered that it is gone (410)."),
    "status": _("It answered with an error."),
    "off": _("The endpoint was switched off."),
}
"""Why nothing is sent to an address, or what went wrong with it."""


_TESTS: "dict[str, tuple[Promise, str]]" = {
    "waiting": (_("The test of %(at)s is on its way."), ""),
    "delivered": (_("The test of %(at)s arrived: it was answered with %(status)s."), "ok"),
    "refused": (_("The test of %(at)s was refused: it was answered with %(status)s."), "bad"),
    "failed": (_("The test of %(at)s got no answer."), "bad"),
}


def tested(state: str, at: str, status: int | None, error: str) -> tuple[str, str]:
    """Return what came of a test in plain words, and their tone. `status` and `error` are those of its last try."""
    text, tone = _TESTS["refused" if state == "failed" and status else state]
    said = str(text) % {"at": at, "status": status}
    why = explain(error) if state == "failed" and error and error != "status" else ""
    return f"{said} {why}".strip(), tone


def explain(code: str) -> str:
    """Return what a reason means, in the current language; the code itself where it is of another version."""
    return str(REASONS.get(code, code))
