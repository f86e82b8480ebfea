"""Reads of quick posts: what readers find, and what their authors look after."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.mediafiles.errors import explain
from core.models import Asset
from courses.catalog.cards import Card, of_versions
from courses.catalog.models import Course, Module
from courses.posts.models import Post
from courses.posts.words import STATES
from partners.models import Person

A_PAGE = 20
AT_HOME = 3
ON_SHELF = 10


@dataclasses.dataclass(frozen=True)
class Word:
    """A post as a reader finds it; `read` says that it was opened."""

    module_id: uuid.UUID
    card: Card
    published_at: dt.datetime
    read: bool


def words_for(person: Person, most: int) -> list[Word]:
    """Return the newest posts that this person may read, none whose time is over. Two queries at most."""
    rows = list(
        Module.objects.visible_to(person)
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            form=Module.Form.POST,
            version__isnull=False,
            is_archived=False,
            course__is_archived=False,
            post__published_at__isnull=False,
        )
        .annotate(mine=FilteredRelation("progress", condition=Q(progress__person_id=person.pk)))
        .order_by("-post__published_at", "-pk")
        .values("pk", "version_id", "mine__last_at", published=F("post__published_at"))[:most]
    )
    cards = of_versions(row["version_id"] for row in rows)
    return [
        Word(row["pk"], cards[row["version_id"]], row["published"], bool(row["mine__last_at"]))
        for row in rows
    ]


@dataclasses.dataclass(frozen=True)
class Row:
    """A post in its author's list. `state`: see `words.STATES`; `problem` says why a video can't be shown."""

    post: Post
    module: Module
    state: str
    progress: int
    problem: str

    @property
    def chip(self) -> tuple[Any, str, str]:
        """Word, tone and symbol of the state."""
        return STATES[self.state]

    @property
    def base(self) -> str:
        """The end from which somebody extends it."""
        return self.post.end

    @property
    def is_open(self) -> bool:
        """Whether it can still be extended, taken back or brought back."""
        return self.state != "lesson"


def mine(person: Person, number: str | None) -> tuple[list[Row], "Page[Post]"]:
    """Return one page of a person's posts, the newest first. Three queries."""
    found = Post.objects.visible_to(person).select_related("module__course").order_by("-pk")
    page = Paginator(found, A_PAGE).get_page(number)
    posts = list(page)
    waiting = {post.asset_id for post in posts if post.published_at is None}
    assets = Asset.objects.in_bulk([each for each in waiting if each])
    return [_row(post, assets) for post in posts], page


def post(person: Person, post_id: uuid.UUID) -> Post | None:
    """Return one of a person's posts. One query."""
    return Post.objects.visible_to(person).select_related("module").filter(pk=post_id).first()


def courses_for_lessons() -> Any:
    """Return the courses into which a post can be promoted: all but the posts' own. Lazy."""
    shelf = Q(pk__in=Module.objects.filter(form=Module.Form.POST).values("course"))
    return Course.objects.filter(is_archived=False).exclude(shelf).order_by("position", "pk")


def _row(found: Post, assets: dict[uuid.UUID, Asset]) -> Row:
    asset = assets.get(found.asset_id) if found.asset_id else None
    failed = asset is not None and asset.state == Asset.State.FAILED
    return Row(
        post=found,
        module=found.module,
        state=_state(found, failed=failed),
        progress=asset.progress if asset else 0,
        problem=explain(asset.error) if asset and failed and asset.error else "",
    )


def _state(found: Post, *, failed: bool) -> str:
    module = found.module
    if found.promoted_at is not None:
        return "lesson"
    if module.is_archived or module.course.is_archived:
        return "archived"
    if found.published_at is None:
        return "failed" if failed else "preparing"
    over = module.expires_at is not None and module.expires_at <= timezone.now()
    return "expired" if over else "published"
