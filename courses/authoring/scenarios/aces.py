"""Asking an ace: a link is made, opened, answered, taken back. The secret is shown once and kept as a hash."""

import uuid
from collections.abc import Mapping

import structlog
from django.db import transaction
from django.utils import timezone

from courses.authoring.scenarios.models import VALID, AceLink
from courses.scenarios import editing
from courses.scenarios.actions.drafting import Saved, edit
from courses.scenarios.document import Document
from courses.scenarios.faults import FaultError
from partners import tokens

log = structlog.get_logger(__name__)


def ask(
    *, scenario_id: uuid.UUID, document: Document, about: str, name: str, by: uuid.UUID
) -> tuple[AceLink, str]:
    """Make a link to one explanation. Returns it with its secret. Raises FaultError where the place is gone."""
    if about not in document.by_key and about not in document.choice:
        raise FaultError("unknown_choice", "explanations")
    secret = tokens.make()
    link = AceLink.objects.create(
        scenario_id=scenario_id,
        about=about,
        name=name,
        token_hash=tokens.digest(secret),
        made_by=by,
        expires_at=timezone.now() + VALID,
    )
    log.info("ace_asked", link=str(link.pk), by=str(by))
    return link, secret


def opened(secret: str) -> AceLink | None:
    """Return the link of a secret while it is open; None for an unknown, expired or revoked one. One query."""
    if not tokens.looks_like_one(secret):
        return None
    found = AceLink.objects.filter(token_hash=tokens.digest(secret)).first()
    return found if found is not None and found.is_open else None


def noted(link: AceLink) -> None:
    """Note that a link was opened, the first time."""
    AceLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=timezone.now())
    log.info("ace_link_opened", link=str(link.pk))


@transaction.atomic
def answer(*, link: AceLink, base: int, fields: Mapping[str, str]) -> Saved:
    """Write what the ace says into the draft. Raises ConflictError where somebody wrote there since, and FaultError."""
    saved = edit(
        scenario_id=link.scenario_id,
        base=base,
        change=lambda document: editing.put_explanation(document, link.about, fields),
        by=None,
        op="explain",
    )
    AceLink.objects.filter(pk=link.pk).update(answered_at=timezone.now())
    log.info("ace_answered", link=str(link.pk), fields=sorted(fields))
    return saved


@transaction.atomic
def revoke(*, link: AceLink, by: uuid.UUID) -> None:
    """Let a link open nothing any more. The same again changes nothing."""
    AceLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    log.info("ace_link_revoked", link=str(link.pk), by=str(by))
