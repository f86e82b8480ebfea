"""Reads of quick posts: what readers find, and what their authors look after."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from core.mediafiles.errors import explain
from core.models import Asset
from core.scope import CLIENT, scoped
from core.written import written_once
from courses.catalog.cards import Card, of_versions
from courses.catalog.models import Block, Course, Module
from courses.catalog.naming import public
from courses.posts.models import Post, Shelf, may_post, may_promote
from courses.posts.standing import state_of
from courses.posts.words import STATES
from partners.models import Person

A_PAGE = 20
AT_HOME = 3
ON_SHELF = 10


@dataclasses.dataclass(frozen=True)
class Word:
    """A post as a reader finds it; `read` says that it was opened since it said anything new."""

    module_id: uuid.UUID
    card: Card
    published_at: dt.datetime
    read: bool


def words_for(person: Person, most: int) -> list[Word]:
    """Return the newest posts that this person may read, none whose time is over. Two queries at most."""
    rows = _newest(person, most)
    cards = of_versions(row["version_id"] for row in rows)
    return [
        Word(row["pk"], cards[row["version_id"]], row["published"], _is_read(row)) for row in rows
    ]


@written_once
def _newest(person: Person, most: int) -> "QuerySet[Any, dict[str, Any]]":
    found = (
        Module.objects.visible_to(person)
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            form=Module.Form.POST,
            version__isnull=False,
            is_archived=False,
            course__is_archived=False,
            post__isnull=False,
        )
        .annotate(mine=FilteredRelation("progress", condition=Q(progress__person_id=person.pk)))
        .order_by("-post__published_at", "-pk")
        .values(
            "pk",
            "version_id",
            "mine__last_at",
            "version__published_at",
            "post__corrected_at",
            "post__news_at",
            published=F("post__published_at"),
        )[:most]
    )
    return cast("QuerySet[Any, dict[str, Any]]", found)


def _is_read(row: Mapping[str, Any]) -> bool:
    opened, came_out = row["mine__last_at"], row["version__published_at"]
    # A correction is no news: who has read it before, has read it.
    since = row["post__news_at"] if came_out == row["post__corrected_at"] else came_out
    return opened is not None and opened >= since


@dataclasses.dataclass(frozen=True)
class Posted:
    """By whom and when a post was posted and corrected, and the newest other one that its reader hasn't opened yet."""

    by: Person | None
    at: dt.datetime
    corrected_at: dt.datetime | None
    following: Word | None


def posted(person: Person, module_id: uuid.UUID) -> Posted | None:
    """Return what a post's page tells besides its words; None for what was never posted. Four queries at most.

    Who posts to everybody is known to everybody: a partner's people read the name too, which they couldn't look up.
    """
    post = next(iter(_post_of(module_id)), None)
    if post is None:
        return None
    with scoped(CLIENT):
        by = Person.objects.filter(pk=post.made_by).first()
    others = (word for word in words_for(person, ON_SHELF) if word.module_id != module_id)
    following = next((word for word in others if not word.read), None)
    return Posted(by, post.published_at, post.corrected_at, following)


@written_once
def _post_of(module_id: uuid.UUID) -> "QuerySet[Post]":
    return Post.objects.filter(module_id=module_id)


@dataclasses.dataclass(frozen=True)
class Row:
    """A post in a list of those who write them. `state`: see `words.STATES`; `by`: who posted it, in others' lists.

    `title` is the published one; `problem` says why its video can't be shown.
    """

    post: Post
    module: Module
    title: str
    state: str
    progress: int
    problem: str
    by: str
    is_own: bool

    @property
    def chip(self) -> tuple[Any, str, str]:
        """Word, tone and symbol of the state."""
        return STATES[self.state]

    @property
    def base(self) -> str:
        """The end from which somebody extends it."""
        return self.post.end

    @property
    def is_shown(self) -> bool:
        """Whether readers find it."""
        return self.state in {"published", "preparing"}

    @property
    def can_change(self) -> bool:
        """Whether it can be extended, taken back or brought back by whoever looks at the list."""
        return self.is_own and self.state != "failed"


def mine(
    person: Person, number: str | None, *, everybody: bool = False
) -> tuple[list[Row], "Page[Post]"]:
    """Return one page of a person's posts, the newest first. Four queries.

    `everybody`: all posts, for those who may make them lessons.
    """
    found = Post.objects.visible_to(person)
    if not (everybody and may_promote(person)):
        found = found.made_by_one(person)
    has_blocks = Exists(Block.objects.filter(module=OuterRef("module")))
    found = found.select_related("module__course").annotate(
        has_blocks=has_blocks, title=public("title", "module__")
    )
    page = Paginator(found.order_by("-published_at", "-pk"), A_PAGE).get_page(number)
    posts = list(page)
    videos = {post.asset_id for post in posts if post.video in {"coming", "failed"}}
    assets = Asset.objects.in_bulk([each for each in videos if each])
    people = Person.objects.in_bulk({post.made_by for post in posts} - {person.pk})
    return [_row(post, assets, person, people) for post in posts], page


def own(person: Person, post_id: uuid.UUID) -> Post | None:
    """Return one of a person's posts. One query."""
    found = Post.objects.visible_to(person).made_by_one(person)
    return found.select_related("module").filter(pk=post_id).first()


def for_lesson(person: Person, post_id: uuid.UUID) -> Post | None:
    """Return a post that this person may make a lesson. One query."""
    if not may_promote(person):
        return None
    return Post.objects.visible_to(person).select_related("module").filter(pk=post_id).first()


def to_correct(person: Person, post_id: uuid.UUID) -> Post | None:
    """Return a post that this person may correct, with its module, course and version. One query."""
    found = Post.objects.visible_to(person).select_related("module__course", "module__version")
    return found.filter(pk=post_id).first()


def of_module(person: Person, module_id: uuid.UUID) -> Post | None:
    """Return the post of a module, for who may correct it. One query, none for who doesn't post."""
    if not may_post(person):
        return None
    return Post.objects.visible_to(person).filter(module=module_id).first()


def courses_for_lessons() -> Any:
    """Return the courses in which a post can become a lesson. Lazy."""
    return courses_of_lessons().filter(is_archived=False).order_by("position", "pk")


def courses_of_lessons() -> Any:
    """Return all courses but the posts' own, in which nothing can be finished. Lazy."""
    shelf = Shelf.objects.filter(course__isnull=False).values("course")
    return Course.objects.exclude(pk__in=shelf)


def _row(
    found: Any, assets: dict[uuid.UUID, Asset], person: Person, people: dict[uuid.UUID, Person]
) -> Row:
    asset = assets.get(found.asset_id) if found.asset_id else None
    failed = found.video == Post.Video.FAILED
    by = people.get(found.made_by)
    return Row(
        post=found,
        module=found.module,
        title=found.title,
        state=state_of(found, has_blocks=found.has_blocks),
        progress=asset.progress if asset else 0,
        problem=explain(asset.error if asset else "") if failed else "",
        by=by.name if by else "",
        is_own=found.made_by == person.pk,
    )
