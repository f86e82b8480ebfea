"""How heavy something is, in the reader's words."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

_MEGABYTE = 1024 * 1024


@register.filter
def megabytes(size: int) -> str:
    """Return bytes as a person reads them: 6291456 -> "6 MB", 420000 -> "0.4 MB", at least 0.1."""
    value = max(size / _MEGABYTE, 0.1)
    shown = number_format(round(value, 1), 1) if value < 3 else number_format(round(value))
    return _("%(size)s MB") % {"size": shown}
