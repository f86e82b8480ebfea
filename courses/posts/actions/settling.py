"""Videos of posts that were published before their video was ready."""

import uuid

import structlog
from django.db import transaction
from django.urls import reverse

from core import scope
from core.models import Asset
from core.notices import actions as notices
from courses.catalog.models import Block
from courses.catalog.naming import public_title
from courses.posts.actions.managing import archive, locked
from courses.posts.models import Post
from courses.posts.standing import is_as_published
from courses.posts.words import FAILED, FAILED_WORDS, OUT
from courses.progress.publishing import NotPublishableError, publish
from partners.models import Person

log = structlog.get_logger(__name__)


def settle_videos() -> int:
    """Bring in the videos that are ready, and take out those that can't be shown. Returns of how many posts.

    Each in a transaction of its own; two clocks at once do it once: the post is locked and read anew.
    """
    with scope.scoped(scope.CLIENT):
        waiting = Post.objects.filter(video=Post.Video.COMING).order_by("published_at")
        by_post = dict(waiting.values_list("pk", "asset_id"))
        assets = Asset.objects.filter(pk__in=set(by_post.values()))
        states = dict(assets.values_list("pk", "state"))
        settled = 0
        for post_id, asset_id in by_post.items():
            # A file that is gone can't be shown.
            state = states.get(asset_id, Asset.State.FAILED) if asset_id else Asset.State.FAILED
            if state not in Asset.COMING:
                settled += _settle(post_id, ready=state == Asset.State.READY)
        return settled


@transaction.atomic
def _settle(post_id: uuid.UUID, *, ready: bool) -> bool:
    post = locked(post_id)
    if post.video != Post.Video.COMING:
        return False
    if not is_as_published(post.module, list(post.module.blocks.all())):
        # Somebody is in the middle of writing in it, and their half sentence stays theirs. What they publish
        # brings the video, or does without it.
        if not ready:
            _tell(post, FAILED_WORDS)
        return False
    if not ready:
        _without_video(post)
    told = OUT if ready else FAILED_WORDS
    try:
        publish(module_id=post.module_id, by=post.made_by)
    except NotPublishableError:
        if ready:
            log.warning("post_not_publishable", post=str(post.pk))
            return False
        archive(post.module_id, archived=True)
        told = FAILED
    post.video = Post.Video.READY if ready else Post.Video.FAILED
    post.save(update_fields=["video"])
    if not (ready and post.module.is_archived):  # what was taken back stays so
        _tell(post, told)
    return True


def _without_video(post: Post) -> None:
    """Take the video out of a post's draft; the words, if there are any, stay."""
    for block in post.module.blocks.filter(kind=Block.Kind.VIDEO, data__asset=str(post.asset_id)):
        block.delete()


def _tell(post: Post, kind: str) -> None:
    """Tell whoever posted it what became of it, once."""
    person = Person.objects.filter(pk=post.made_by, is_active=True).first()
    if person is None:
        return
    notices.notify(
        key=f"posts:{kind}:{post.pk}",
        person_id=person.pk,
        organisation_id=person.organisation_id,
        kind=kind,
        url=reverse("posts:mine"),
        data={"title": public_title(post.module)},
    )
