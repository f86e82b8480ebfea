"""How a module is called outside of authoring: as it was published. Its fields are its authors' draft."""

from django.db.models import CharField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from courses.catalog.models import Module


def public(field: str, module: str = "") -> Coalesce:
    """Return a published field (`title`, `language`, `summary`) of a module in a query.

    `module` is the way to it (`module__`). One that was never published has none: an empty text.
    """
    published = KeyTextTransform(field, f"{module}version__document")
    return Coalesce(published, Value(""), output_field=CharField())


def public_title(module: Module) -> str:
    """Return the published title of a module that was read with its version; empty where there is none."""
    return str(module.version.document["title"]) if module.version else ""
