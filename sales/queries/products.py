"""Products as they are called where one is chosen."""

import uuid
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from partners.folding import same
from sales.models import Product


def choices() -> list[tuple[uuid.UUID, str]]:
    """Return all products with what they are called, those in use first. One query."""
    found = Product.objects.order_by("is_archived", "name", "code")
    return list(told_apart(found.values_list("pk", "name", "code")).items())


def told_apart(rows: Iterable[tuple[uuid.UUID, str, str]]) -> dict[uuid.UUID, str]:
    """Return what to call products, from their ids, names and codes: with the code where a name stands twice."""
    known = list(rows)
    often = Counter(same(name) for _pk, name, _code in known)
    both = _("%(name)s (%(code)s)")
    return {
        pk: both % {"name": name, "code": code} if often[same(name)] > 1 else name
        for pk, name, code in known
    }
