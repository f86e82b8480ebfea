"""Whose records somebody may read: one rule for everything that is reported about people."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from partners.models import Person

M = TypeVar("M", bound=Model)

OFFICE = ("admin", "manager", "sales_manager")
"""Roles that read what others have done; of a partner only managers exist among them."""


def reported(rows: "QuerySet[M]", viewer: Person) -> "QuerySet[M]":
    """Keep the rows about people (`person`, `organisation`) that this viewer may read.

    The client's office reads all, a partner's what was done for their own company, everybody else their own.
    """
    if not viewer.has_role(*OFFICE):
        return rows.filter(person_id=viewer.pk)
    return rows if viewer.of_client else rows.filter(organisation_id=viewer.organisation_id)
