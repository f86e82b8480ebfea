"""How far the months of a report are fixed: which are open, and what was told late of them."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from analytics.associations.models import Month, MonthRevision
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Kept:
    """The months of a report as they are kept now, and the revisions that somebody may see, the newest first."""

    months: Sequence[Month]
    revisions: Sequence[MonthRevision]

    @property
    def open(self) -> list[dt.date]:
        """Months that are still counted anew every night."""
        return [each.month for each in self.months if each.frozen_at is None]

    def changed_since(self, moment: dt.datetime) -> list[dt.date]:
        """Return the months whose figures changed after a moment; to be counted for the first time is no change."""
        return [
            each.month
            for each in self.months
            if each.as_of > moment and (each.revision or each.frozen_at != each.as_of)
        ]


def kept(viewer: Person, since: dt.date, until: dt.date) -> Kept:
    """Return how far these months are fixed. Two queries."""
    months = Month.objects.filter(month__gte=since, month__lt=until).order_by("month")
    revised = MonthRevision.objects.visible_to(viewer)
    revised = revised.filter(month_id__gte=since, month_id__lt=until).order_by("-made_at", "-pk")
    return Kept(list(months), list(revised))
