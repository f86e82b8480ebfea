"""What lists show of a published module. A version never changes, so each is read once per process."""

import dataclasses
import math
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from core import rounding
from courses.catalog.models import ModuleVersion

ITEM_MS = 15_000
"""How long a question takes, roughly: only used to say how many minutes are left."""

_KEPT_IN_MEMORY = 2000
_cards: dict[uuid.UUID, "Card"] = {}


@dataclasses.dataclass(frozen=True)
class Card:
    """A published module in short. `size` and `saver_size` are the bytes of all its media, 0 for none.

    `coming`: it has a video that is still being prepared; `plays`: it is finished by its scenario. `asks` are the keys
    of its questions, which only `of_versions` knows; `video` is the first video that plays, whose place is remembered.
    """

    title: str
    summary: str
    language: str
    minutes: int
    picture: Mapping[str, Any] | None
    items: int
    video_ms: int
    size: int
    saver_size: int
    coming: bool = False
    plays: bool = False
    asks: frozenset[str] = frozenset()
    video: uuid.UUID | None = None

    @property
    def total_ms(self) -> int:
        """How long video, text and quiz take together."""
        return max(self.minutes * 60_000, self.video_ms + self.quiz_ms)

    @property
    def quiz_ms(self) -> int:
        """How long the quiz takes, roughly."""
        return self.items * ITEM_MS

    @property
    def quiz_minutes(self) -> int:
        """How many minutes the quiz takes, roughly; 1 at least."""
        return max(1, rounding.divided(self.quiz_ms, 60_000))

    def minutes_left(self, position_ms: int) -> int:
        """Return the minutes that are left (1 at least) for somebody whose video stands here."""
        return max(1, math.ceil((self.total_ms - min(position_ms, self.video_ms)) / 60_000))


def of_versions(version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Card]:
    """Return the cards of these versions, by version. One query at most."""
    wanted = set(version_ids)
    missing = wanted - _cards.keys()
    if missing:
        if len(_cards) > _KEPT_IN_MEMORY:
            _cards.clear()
            missing = wanted
        found = ModuleVersion.objects.filter(pk__in=missing)
        for pk, document, items in found.values_list(
            "pk", "document", "quiz_versions__document__items"
        ):
            asks = frozenset(item["key"] for item in items or ())
            _cards[pk] = dataclasses.replace(card(document), asks=asks)
    return {pk: _cards[pk] for pk in wanted if pk in _cards}


def card(document: Mapping[str, Any]) -> Card:
    """Return the card of a published document."""
    blocks = document["blocks"]
    videos = [block["data"] for block in blocks if block["kind"] == "video"]
    sizes = [_pictures_size(document)] + [_video_size(video) for video in videos]
    saver = [_pictures_size(document)] + [_video_size(video, "saver") for video in videos]
    items = sum(block["data"]["items"] for block in blocks if block["kind"] == "quiz")
    return Card(
        title=document["title"],
        summary=document["summary"],
        language=document["language"],
        minutes=document["minutes"],
        picture=document.get("picture"),
        items=items,
        video_ms=sum(video.get("duration_ms") or 0 for video in videos),
        size=sum(sizes),
        saver_size=sum(saver),
        coming=any(video.get("coming") for video in videos),
        plays=not items and any(block["kind"] == "scenario" for block in blocks),
        video=next((uuid.UUID(each["asset"]) for each in videos if each.get("main")), None),
    )


def _video_size(video: Mapping[str, Any], rendition: str = "main") -> int:
    files = [video.get(rendition) or video.get("main"), video.get("poster")]
    return sum(file["size"] for file in files if file)


def _pictures_size(document: Mapping[str, Any]) -> int:
    """Return the bytes of the pictures that the module's page shows."""
    pictures = [block["data"] for block in document["blocks"] if block["kind"] == "image"]
    pictures += [
        block["data"]["picture"]
        for block in document["blocks"]
        if block["kind"] in {"story", "person"} and block["data"].get("picture")
    ]
    files = (shown_rendition(picture) for picture in pictures)
    return sum(file["size"] for _, file in filter(None, files))


def shown_rendition(
    picture: Mapping[str, Any] | None, wanted: str = "medium"
) -> tuple[str, Mapping[str, Any]] | None:
    """Return name and file of a described picture in the wanted size, else in another; None without any."""
    files = (picture or {}).get("renditions") or {}
    name = wanted if wanted in files else next(iter(files), None)
    return (name, files[name]) if name else None
