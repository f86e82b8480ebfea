"""How readers' pages call a module: as it was published. Its fields are the draft, which nobody sees before."""

from django.db.models import CharField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce


def public(field: str, module: str = "") -> Coalesce:
    """Return a published field (`title`, `language`, `summary`) of a module in a query.

    `module` is the way to it (`module__`). One that was never published is called by its draft.
    """
    published = KeyTextTransform(field, f"{module}version__document")
    return Coalesce(published, f"{module}{field}", output_field=CharField())
