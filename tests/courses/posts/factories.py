"""Posts, their readers and their videos, for tests."""

import uuid
from typing import Any

from django.test import Client

from core.models import Asset, Rendition
from courses.posts import queries
from courses.posts.actions import posting
from courses.posts.models import Post
from partners.models import Person


def post(person: Person, **fields: Any) -> Post:
    """Post a few lines for everybody, for three days, unless `fields` say otherwise."""
    values = {
        "key": uuid.uuid4(),
        "text": "おはようございます。新機能が出ました。",
        "title": "",
        "language": "ja",
        "audience": "everybody",
        "organisations": [],
        "days": 3,
    }
    return posting.make_post(person=person, wanted=posting.NewPost(**{**values, **fields}))


def read_by(person: Person) -> list[str]:
    """Return the titles that somebody finds, the newest first."""
    return [word.card.title for word in queries.words_for(person, 9)]


def browser(person: Person) -> Client:
    """Return a browser in which they are signed in."""
    client = Client()
    client.force_login(person.account)
    return client


def waiting_video(person: Person) -> Asset:
    """Return a video of theirs that is still being prepared."""
    return Asset.objects.create(kind="video", name="動画", uploaded_by=person.pk)


def ready(asset: Asset) -> None:
    """Let a video be prepared, as the worker would."""
    file = {"content_type": "video/mp4", "size": 9, "width": 640, "height": 360}
    Rendition.objects.create(asset=asset, name="main", path="x.mp4", sha256="0" * 64, **file)
    Asset.objects.filter(pk=asset.pk).update(state="ready", duration_ms=2000)


def fail(asset: Asset) -> None:
    """Let a video turn out to be none."""
    Asset.objects.filter(pk=asset.pk).update(state="failed", error="video_type")
