"""Reads of one draft: what it says, when and by whom it was saved, and its media."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence

from courses.authoring import advice, documents
from courses.authoring.advice import Note
from courses.authoring.documents import Document
from courses.authoring.models import Draft, PlannedPublication
from courses.authoring.queries import media
from courses.authoring.queries.media import Media
from courses.catalog import queries as catalogue
from courses.catalog.blocks import Problem
from courses.catalog.models import Block, Module
from courses.progress import publishing
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Current:
    """A draft as it stands: its revision, when and by whom it was saved, and what it says."""

    revision: int
    saved_at: dt.datetime
    saved_by: uuid.UUID | None
    document: Document


@dataclasses.dataclass(frozen=True)
class Editing:
    """A module as its author meets it: the draft, its media, what is wrong with it, and what it waits for."""

    module: Module
    current: Current
    media: dict[uuid.UUID, Media]
    problems: Sequence[Problem]
    warnings: Sequence[Note]
    plan: PlannedPublication | None


def module_of(person: Person, module_id: uuid.UUID) -> Module | None:
    """Return a module that this author may edit, with its course, draft and version. One query."""
    return (
        Module.objects.visible_to(person)
        .select_related("course", "draft", "version")
        .filter(pk=module_id)
        .first()
    )


def current_of(module: Module, blocks: Iterable[Block]) -> Current:
    """Return what a module's rows say of its draft. A query, unless the draft's row was fetched along.

    What another door has written counts as a revision of its own.
    """
    document = documents.of_rows(module, blocks)
    draft: Draft | None = getattr(module, "draft", None)
    if draft is None:
        return Current(0, module.created_at, None, document)
    if draft.content_hash != document.digest:
        return Current(draft.revision + 1, draft.saved_at, None, document)
    return Current(draft.revision, draft.saved_at, draft.saved_by, document)


def editing(person: Person, module_id: uuid.UUID) -> Editing | None:
    """Return a module with all that its editor needs; None if it is not theirs. Seven queries, ten with a scenario."""
    module = module_of(person, module_id)
    if module is None:
        return None
    current = current_of(module, module.blocks.all())
    found = media.described(person.pk, current.document.assets())
    return Editing(
        module=module,
        current=current,
        media=found,
        problems=problems(module.pk, current.document, found),
        warnings=advice.warnings(
            current.document, found, catalogue.known(current.document.language)
        ),
        plan=PlannedPublication.objects.filter(module=module, state="waiting").first(),
    )


def problems(
    module_id: uuid.UUID, document: Document, files: Mapping[uuid.UUID, Media]
) -> list[Problem]:
    """Return all that keeps a draft from being published: what the editor and the page tell, and publishing refuses."""
    return [
        *advice.problems(document, files),
        *publishing.scenario_problems(module_id, document.blocks),
    ]


def names(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """Return the names of these people, by id. One query at most."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}
