"""Where a post stands: what readers know of it, what it says to them, and whether that can be corrected."""

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from courses.catalog.models import Block, Module
from courses.catalog.naming import public_title
from courses.posts.models import Post
from courses.posts.titling import lines
from courses.quizzes.queries import current_items


@dataclasses.dataclass(frozen=True)
class Said:
    """What a post says: its title, its words, and what its picture shows.

    `alt`: empty where the title says it; None where there is no picture.
    """

    title: str
    text: str
    alt: str | None = None

    @property
    def base(self) -> str:
        """What a form carries, to tell whether the post still says so when it is sent."""
        return hashlib.sha256(json.dumps([self.title, self.text, self.alt]).encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class Standing:
    """A post, what it says, and why it can't be corrected: a key of `words.OBSTACLES`, empty if it can.

    `kept`: what was published last where no reader finds it any more, for those who may correct it.
    """

    post: Post
    said: Said
    obstacle: str
    kept: Mapping[str, Any] | None = None

    @property
    def in_editor(self) -> bool:
        """Whether the editor is where to go on."""
        return self.obstacle in {"draft", "editor"}


def of(post: Post) -> Standing:
    """Return where a post stands that came with its module, course and version. One query, two more with a quiz."""
    blocks = list(post.module.blocks.all())
    text = _text(blocks)
    title = public_title(post.module)
    said = Said(title, text or "", _alt(blocks, title))
    state = state_of(post, has_blocks=bool(blocks))
    if state in {"failed", "archived", "expired"}:
        version = post.module.version
        return Standing(post, said, state, version.document if version else None)
    if not is_as_published(post.module, blocks):
        return Standing(post, said, "draft")
    return Standing(post, said, "editor" if text is None else "")


def _text(blocks: Sequence[Block]) -> str | None:
    """Return the words of a post's one text, nothing where it has none; None where lines alone can't say them."""
    texts = [block.data["doc"] for block in blocks if block.kind == Block.Kind.TEXT]
    return (lines(texts[0]) if texts else "") if len(texts) < 2 else None


def _alt(blocks: Sequence[Block], title: str) -> str | None:
    """Return what a post's picture shows beyond what its title says; None without one."""
    pictures = [block for block in blocks if block.kind == Block.Kind.IMAGE]
    if not pictures:
        return None
    alt = str(pictures[0].data.get("alt") or "")
    return "" if alt == title else alt


def state_of(post: Post, *, has_blocks: bool) -> str:
    """Return a post's state, a key of `words.STATES`; it came with its module and course."""
    module = post.module
    if post.video == Post.Video.FAILED and not has_blocks:
        return "failed"
    if module.is_archived or module.course.is_archived:
        return "archived"
    if module.expires_at is not None and module.expires_at <= timezone.now():
        return "expired"
    return "preparing" if post.video == Post.Video.COMING else "published"


def is_as_published(module: Module, blocks: Sequence[Block]) -> bool:
    """Say whether a draft is what readers see, but for what became of its video."""
    shown = module.version.document if module.version else {"blocks": []}
    fields = ("title", "summary", "minutes", "language")
    picture = str(module.picture_id) if module.picture_id else None
    return (
        all(shown.get(name) == getattr(module, name) for name in fields)
        and (shown.get("picture") or {}).get("asset") == picture
        and [(each["key"], each["kind"]) for each in shown["blocks"]]
        == [(each.key, each.kind) for each in blocks]
        and all(
            _says(frozen["data"], block)
            for frozen, block in zip(shown["blocks"], blocks, strict=True)
        )
    )


def _says(frozen: Mapping[str, Any], block: Block) -> bool:
    """Say whether a block's frozen data are its draft's: they describe its files, and only name its questions."""
    if block.kind == Block.Kind.QUIZ:
        return bool(current_items(uuid.UUID(frozen["quiz_version"])) == block.data["items"])
    if block.kind in (Block.Kind.STORY, Block.Kind.PERSON) and frozen.get("picture"):
        frozen = {**frozen, "picture": frozen["picture"]["asset"]}
    return bool(frozen.items() >= block.data.items())
