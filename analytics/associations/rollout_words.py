"""Roll-outs in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import number

PLANNED, GOING_ON, OVER, WITHDRAWN = "planned", "going_on", "over", "withdrawn"


def waves(n: int) -> str:
    """Say how many waves."""
    return ngettext("%(n)s wave", "%(n)s waves", n) % {"n": number(n)}


def gap(n: int) -> str:
    """Say how far waves lie apart."""
    return ngettext("%(n)s month apart", "%(n)s months apart", n) % {"n": number(n)}


def stands(state: str) -> str:
    """Say where a plan stands."""
    return {
        PLANNED: _("planned"),
        GOING_ON: _("going on"),
        OVER: _("every wave has launched"),
        WITHDRAWN: _("withdrawn"),
    }[state]
