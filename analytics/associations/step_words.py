"""How far the work on an answer is, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from analytics.associations import steps
from analytics.associations.waiting import Row

DOING: dict[str, Promise] = {
    steps.READING: pgettext_lazy("step", "reading the figures"),
    steps.CHECKING: pgettext_lazy("step", "checking the figures"),
    steps.LOOKING: pgettext_lazy("step", "comparing colleagues"),
    steps.OVER_TIME: pgettext_lazy("step", "following each rep over time"),
    steps.STUDYING: pgettext_lazy("step", "before and after"),
    steps.DOUBTING: pgettext_lazy("step", "how sure it is"),
    steps.WRITING: pgettext_lazy("step", "writing it down"),
}


def progress(row: Row) -> str:
    """Say which step of how many is being done; that nobody is at it yet where none is."""
    if not row.doing:
        return _("Waiting for its turn")
    values = {"n": row.step + 1, "all": row.steps, "doing": DOING[row.doing]}
    return _("Step %(n)s of %(all)s: %(doing)s") % values
