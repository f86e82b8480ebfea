"""A published document as its reader meets it: blocks with addresses of their media, and the steps they form."""

import dataclasses
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mediafiles import links, manifest
from courses.catalog import richtext
from courses.catalog.cards import shown_rendition
from courses.catalog.richtext import Glossary

LANGUAGES = {"ja": "日本語", "en": "English"}


@dataclasses.dataclass(frozen=True)
class Track:
    """Captions of a video in one language."""

    src: str
    lang: str
    label: str
    default: bool


@dataclasses.dataclass(frozen=True)
class Source:
    """One file of a video, with what it weighs."""

    src: str
    type: str
    size: int


@dataclasses.dataclass(frozen=True)
class Video:
    """A video as the player needs it. `leads`: the module's first one, whose place is remembered by its `asset`."""

    asset: str
    title: str
    duration_ms: int
    main: Source
    saver: Source | None
    poster: str
    tracks: Sequence[Track]
    leads: bool = False
    resume_ms: int = 0

    @property
    def seconds(self) -> int:
        """How long it is."""
        return self.duration_ms // 1000

    @property
    def resume_seconds(self) -> int:
        """Where it goes on."""
        return self.resume_ms // 1000


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture with its address and size in pixels."""

    src: str
    width: int
    height: int


@dataclasses.dataclass(frozen=True)
class ShownBlock:
    """A block ready to be drawn: `template` draws `data` and what was made of it.

    A video without `video` is still being prepared.
    """

    key: str
    kind: str
    data: Mapping[str, Any]
    html: SafeString | None = None
    video: Video | None = None
    picture: Picture | None = None

    @property
    def template(self) -> str:
        """The name of the template that draws it."""
        return f"catalog/blocks/{self.kind}.html"


def blocks(
    document: Mapping[str, Any], person_id: uuid.UUID, language: str, resume_ms: int = 0
) -> list[ShownBlock]:
    """Return the blocks of a published document; a video whose file is missing, and won't come, is left out.

    `language` chooses the captions that are on from the start; the first video goes on at `resume_ms`. One query where
    there are videos: for the captions that they have today.
    """
    glossary = Glossary(document.get("terms"))
    told = _with_captions(document["blocks"])
    shown = [_shown(block, person_id, language, glossary) for block in told]
    found = [block for block in shown if block is not None]
    for place, block in enumerate(found):
        if block.video is not None:
            video = dataclasses.replace(block.video, leads=True, resume_ms=resume_ms)
            found[place] = dataclasses.replace(block, video=video)
            break
    return found


def _with_captions(told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return blocks whose videos have the captions of today."""
    videos = [
        each["data"]["asset"]
        for each in told
        if each["kind"] == "video" and each["data"].get("asset")
    ]
    spoken = manifest.captions(videos)
    return [
        {**each, "data": {**each["data"], "captions": spoken[each["data"]["asset"]]}}
        if each["kind"] == "video" and each["data"].get("asset")
        else each
        for each in told
    ]


def picture(
    described: Mapping[str, Any] | None, person_id: uuid.UUID, size: str = "medium"
) -> Picture | None:
    """Return a described picture with its address; None without one."""
    found = shown_rendition(described, size)
    if found is None:
        return None
    name, file = found
    address = links.url(person_id, file["id"], name)
    return Picture(address, file.get("w") or 640, file.get("h") or 360)


def _shown(
    block: Mapping[str, Any], person_id: uuid.UUID, language: str, glossary: Glossary
) -> ShownBlock | None:
    key, kind, data = block["key"], block["kind"], block["data"]
    if kind == "text":
        return ShownBlock(key, kind, data, html=richtext.render(data["doc"], glossary))
    if kind == "image":
        return ShownBlock(key, kind, data, picture=picture(data, person_id))
    if kind in {"story", "person"}:
        return ShownBlock(key, kind, data, picture=picture(data.get("picture"), person_id, "small"))
    if kind == "video":
        shown = video(data, person_id, language)
        return ShownBlock(key, kind, data, video=shown) if shown or data.get("coming") else None
    return ShownBlock(key, kind, data)


def video(data: Mapping[str, Any], person_id: uuid.UUID, language: str) -> Video | None:
    """Return a described video with its address; None while its file isn't there."""
    main = _source(data, "main", person_id)
    if main is None:
        return None
    poster = _source(data, "poster", person_id)
    return Video(
        asset=data["asset"],
        title=data.get("title") or "",
        duration_ms=data.get("duration_ms") or 0,
        main=main,
        saver=_source(data, "saver", person_id),
        poster=poster.src if poster else "",
        tracks=_tracks(data.get("captions") or [], person_id, language),
    )


def _source(data: Mapping[str, Any], name: str, person_id: uuid.UUID) -> Source | None:
    file = data.get(name)
    if not file:
        return None
    return Source(links.url(person_id, file["id"], name), file["type"], file["size"])


def _tracks(
    captions: Sequence[Mapping[str, str]], person_id: uuid.UUID, language: str
) -> list[Track]:
    spoken = [caption["language"] for caption in captions]
    first = language if language in spoken else next(iter(spoken), "")
    return [
        Track(
            src=links.caption_url(person_id, caption["id"], caption["language"]),
            lang=caption["language"],
            label=LANGUAGES.get(caption["language"], caption["language"]),
            default=caption["language"] == first,
        )
        for caption in captions
    ]


_AT_THE_END = {"scenario": 1, "quiz": 2}


def steps(
    document: Mapping[str, Any], *, watched: bool, finished: bool, plays: bool = True
) -> list[dict[str, str]]:
    """Return the module's steps for the thread in the order of its page: scenario and quiz last, wherever they stand.

    `watched` says that the video was seen to its end, `finished` that the quiz was handed in, `plays` that the scenario
    can be played.
    """
    shown = (block for block in document["blocks"] if plays or block["kind"] != "scenario")
    in_order = sorted(shown, key=lambda block: _AT_THE_END.get(block["kind"], 0))
    found: list[tuple[str, bool]] = []
    for kind, run in itertools.groupby(in_order, _step_kind):
        label = _step_label(kind, list(run))
        found.append((label, finished or (watched and kind == "video")))
    now = next((index for index, (_label, over) in enumerate(found) if not over), None)
    return [
        {"label": label, "state": "done" if over else "now" if index == now else ""}
        for index, (label, over) in enumerate(found)
    ]


def _step_kind(block: Mapping[str, Any]) -> str:
    kind = block["kind"]
    return kind if kind in {"video", "quiz", "scenario"} else "read"


def _step_label(kind: str, run: Sequence[Mapping[str, Any]]) -> str:
    if kind == "video":
        return _("Video")
    if kind == "scenario":
        return _("Scenario")
    if kind == "quiz":
        count = sum(block["data"]["items"] for block in run)
        return ngettext("Quiz: %(n)d question", "Quiz: %(n)d questions", count) % {"n": count}
    kinds = {block["kind"] for block in run}
    if "story" in kinds:
        return _("Story")
    if kinds == {"person"}:
        return _("Whom to ask")
    return _("Read")
