"""Writes by which people change what is shown of themselves."""

from django.core.files import File
from django.db import transaction

from core.mediafiles.actions import add_picture
from partners.actions.people import Details, locked
from partners.models import Person


@transaction.atomic
def edit_profile(*, person: Person, details: Details) -> Person:
    """Change one's own name, reading and language; address and log-in name stay. Raises Problem."""
    clean = details.cleaned()
    row = locked(person.pk)
    fields = ("family_name", "given_name", "family_reading", "given_reading", "language")
    for field in fields:
        setattr(row, field, getattr(clean, field))
    row.save(update_fields=fields)
    return row


@transaction.atomic
def set_picture(*, person: Person, file: "File[bytes]", name: str) -> None:
    """Give a person their picture, cut to a square around the middle.

    Raises core's MediaError for a file that is no picture, too large or broken.
    """
    asset = add_picture(
        data=file,
        name=name,
        alt=person.name,
        organisation_id=person.organisation_id,
        uploaded_by=person.pk,
        square=True,
    )
    row = locked(person.pk)
    row.picture_id = asset.pk
    row.save(update_fields=["picture_id"])


@transaction.atomic
def remove_picture(*, person: Person) -> None:
    """Show the silhouette again."""
    row = locked(person.pk)
    row.picture_id = None
    row.save(update_fields=["picture_id"])


def choose_language(*, person: Person, language: str) -> None:
    """Note in which language a person wants to read Tomoni, on every device."""
    Person.objects.filter(pk=person.pk).exclude(language=language).update(language=language)
