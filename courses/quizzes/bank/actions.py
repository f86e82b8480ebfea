"""Writes of the bank: adding, editing and archiving items."""

import dataclasses
import secrets
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.quizzes.bank import items
from courses.quizzes.bank.items import Draft, Trouble
from courses.quizzes.bank.models import BankItem, keeps_bank
from partners.folding import fold
from partners.models import Person

_CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another one


class TroublesError(Exception):
    """Nothing was changed; `troubles` says why, field by field."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__(", ".join(f"{t.field}: {t.code}" for t in troubles))
        self.troubles = tuple(troubles)


def new_code() -> str:
    """Return a code for an item whose author gave none."""
    return "Q-" + "".join(secrets.choice(_CODE_SIGNS) for _ in range(6))


def put(item: BankItem, draft: Draft) -> BankItem:
    """Put a draft without troubles into a row that is not saved yet."""
    item.options = items.keyed(draft, item.options)
    item.code, item.kind, item.stem = draft.code, draft.kind, draft.stem
    item.explanation, item.weight = draft.explanation, draft.weight
    item.skills, item.products = list(draft.skills), list(draft.products)
    item.language, item.is_archived = draft.language, draft.is_archived
    texts = [f"{raw['text']} {raw['explanation']}" for raw in item.options]
    words = [draft.code, draft.stem, draft.explanation, *texts, *draft.skills, *draft.products]
    item.search = fold("\n".join(words))
    item.changed_at = timezone.now()
    return item


@transaction.atomic
def add_item(*, actor: Person, draft: Draft) -> BankItem:
    """Add an item; without a code it gets one. Raises TroublesError, and PermissionDenied for others."""
    keeper_only(actor)
    draft = dataclasses.replace(draft, code=draft.code or new_code())
    _raise_if(items.troubles(draft))
    return _save(put(BankItem(organisation_id=actor.organisation_id), draft))


@transaction.atomic
def edit_item(*, actor: Person, item_id: uuid.UUID, draft: Draft, seen: str) -> BankItem:
    """Change an item that the actor saw as it was at `seen`; quizzes that use it keep their copies.

    Raises BankItem.DoesNotExist, and TroublesError, also where somebody else changed it meanwhile.
    """
    rows = BankItem.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    item = rows.get(pk=item_id)
    draft = dataclasses.replace(draft, is_archived=item.is_archived)
    _raise_if(items.troubles(draft))
    if without_gaps(draft) == item.draft:
        return item
    if item.changed_at.isoformat() != seen:
        raise TroublesError([Trouble("", "changed_meanwhile")])
    return _save(put(item, draft))


@transaction.atomic
def archive_item(*, actor: Person, item_id: uuid.UUID, archived: bool) -> BankItem:
    """Take an item out of lists and searches, or back in. Raises BankItem.DoesNotExist."""
    rows = BankItem.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    item = rows.get(pk=item_id)
    if item.is_archived != archived:
        item.is_archived, item.changed_at = archived, timezone.now()
        item.save(update_fields=["is_archived", "changed_at"])
    return item


def keeper_only(actor: Person) -> None:
    """Raise PermissionDenied for whoever does not work on the bank."""
    if not keeps_bank(actor):
        raise PermissionDenied


def without_gaps(draft: Draft) -> Draft:
    """Return a draft as it is stored: its options one after the other."""
    return dataclasses.replace(draft, options=tuple(option for _, option in draft.filled()))


def _raise_if(troubles: Sequence[Trouble]) -> None:
    if troubles:
        raise TroublesError(troubles)


def _save(item: BankItem) -> BankItem:
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:
        raise TroublesError([Trouble("code", "code_taken", item.code)]) from None
    return item
