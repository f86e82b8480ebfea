"""Correcting: what a post says comes out anew, and is news to nobody."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from courses.authoring.actions import drafts, publications
from courses.authoring.documents import Document
from courses.catalog import cards
from courses.catalog.blocks import RawBlock
from courses.catalog.models import Block, ModuleVersion
from courses.posts import standing
from courses.posts.actions.managing import locked
from courses.posts.actions.posting import titled
from courses.posts.models import Post
from courses.posts.standing import Said
from courses.posts.titling import document, lines, spoken
from courses.posts.words import OBSTACLES
from courses.progress.publishing import NotPublishableError
from partners.problems import Problem


class StaleError(Exception):
    """The post no longer says what somebody began from: nothing was written."""


@transaction.atomic
def correct(
    *, post_id: uuid.UUID, title: str, text: str, alt: str, base: str, by: uuid.UUID
) -> bool:
    """Publish anew what a post says. Returns False where it says so already; then nothing is published.

    `alt` tells what its picture shows, empty where the title says it. Its file, its audience and its end stay. Who
    has read it has read it, and nobody is told. `base` is the `Said.base` from which the person began. Raises
    StaleError where the post says something else by now, Problem where it can't be corrected or would say nothing.
    """
    post = locked(post_id)
    module, blocks, current = drafts.lock(post.module_id)
    now = standing.of(post)
    if now.obstacle:
        raise Problem(OBSTACLES[now.obstacle])
    wanted = _wanted(title, text, None if now.said.alt is None else alt)
    if wanted == now.said:
        return False
    if base != now.said.base:
        raise StaleError
    corrected = _corrected(current.document, now.said, wanted)
    if not corrected.blocks:
        raise Problem(_("Please write a few lines."), "text")
    before = post.module.version
    saved = drafts.write(module, blocks, current, corrected, by)
    try:
        published = publications.publish_locked(module, saved, "", by, without_waiting=True)
    except NotPublishableError as error:
        raise Problem(error.problems[0].message) from error
    if published.changed and before is not None:
        _note(post, before, published.version)
    return published.changed


def _wanted(title: str, text: str, alt: str | None) -> Said:
    """Return what was filled in as a post says it; `alt` None where it has no picture."""
    title = titled(title, text)
    shows = None if alt is None else alt.strip()
    return Said(title, lines(document(text)) or "", "" if shows == title else shows)


def _corrected(draft: Document, before: Said, wanted: Said) -> Document:
    language = spoken(f"{wanted.title} {wanted.text}", draft.language)
    blocks = tuple(_blocks(draft, before, wanted))
    return dataclasses.replace(draft, title=wanted.title, language=language, blocks=blocks)


def _blocks(draft: Document, before: Said, wanted: Said) -> Iterator[RawBlock]:
    """Yield the blocks with the new words; what was named by the title still is."""
    words = {"doc": document(wanted.text)}
    picture = next((each for each in draft.blocks if each.kind == Block.Kind.IMAGE), None)
    for block in draft.blocks:
        if block.kind == Block.Kind.TEXT:
            if wanted.text:
                yield dataclasses.replace(block, data={**block.data, **words})
            continue
        named = {
            field: wanted.title
            for field in ("title", "alt")
            if block.data.get(field) == before.title
        }
        if block is picture:
            named["alt"] = wanted.alt or wanted.title
        yield dataclasses.replace(block, data={**block.data, **named})
    if wanted.text and not any(block.kind == Block.Kind.TEXT for block in draft.blocks):
        yield RawBlock(uuid.uuid4().hex[:8], Block.Kind.TEXT, words)


def _note(post: Post, before: ModuleVersion, after: ModuleVersion) -> None:
    """Note when it was corrected, and since when it has been new to its readers: not by this."""
    news: dt.datetime | None = before.published_at
    if before.published_at == post.corrected_at:
        news = post.news_at  # a correction of a correction
    if cards.card(before.document).coming and not cards.card(after.document).coming:
        news = after.published_at  # its video came along
    post.corrected_at, post.news_at = after.published_at, news
    post.save(update_fields=["corrected_at", "news_at"])
