"""Videos, posters and faces of the demo: taken in by the product's own door, several at a time."""

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from django.db import connection

from core.mediafiles import actions, storage
from core.mediafiles.probing import Facts
from core.models import Asset, Rendition
from lms.demo.content import MEDIA

FACTS = MEDIA.parent / "clips.json"
"""What is in the clips, by the hash of each: so that nothing has to look into them."""

_LANES = 2
_Job = Callable[[], Asset]


@dataclasses.dataclass(frozen=True)
class Video:
    """A video of a module: the names of its files, and its captions as pairs of language and file."""

    clip: str
    poster: str
    captions: tuple[tuple[str, str], ...]
    title: str


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture of content, or (`square`) the face of a person, that belongs to an organisation."""

    folder: str
    file: str
    alt: str = ""
    organisation_id: uuid.UUID | None = None
    square: bool = False


class Studio:
    """Takes media in while something else goes on: ask for it first, get it by `asset()`.

    Media are committed one by one. Leaving the block by an exception takes them away again.
    """

    def __init__(self, wanted: Iterable[Video | Picture]) -> None:
        self._wanted = list(dict.fromkeys(wanted))
        self._made: dict[Video | Picture, Future[Asset]] = {}
        self._pool = ThreadPoolExecutor(_LANES)

    def __enter__(self) -> Self:
        lanes: list[list[Video | Picture]] = [[] for _ in range(_LANES)]
        # Videos first: they take longest.
        for number, each in enumerate(sorted(self._wanted, key=lambda w: isinstance(w, Picture))):
            lanes[number % _LANES].append(each)
        self._made = {each: Future() for each in self._wanted}
        for lane in lanes:
            self._pool.submit(self._work, lane)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is not None:
            done = [f for f in self._made.values() if f.done() and f.exception() is None]
            forget([future.result().pk for future in done])

    def asset(self, wanted: Video | Picture) -> Asset:
        """Return what was made of this file; waits for it. Raises MediaError as the door did."""
        return self._made[wanted].result()

    def _work(self, lane: Sequence[Video | Picture]) -> None:
        """Take one lane's media in, on a connection of this thread."""
        try:
            for each in lane:
                try:
                    made = _video(each) if isinstance(each, Video) else _picture(each)
                except Exception as error:  # noqa: BLE001 - raised again where the asset is asked for
                    self._made[each].set_exception(error)
                else:
                    self._made[each].set_result(made)
        finally:
            connection.close()


def _video(video: Video) -> Asset:
    clip = MEDIA / "clips" / video.clip
    return actions.add_ready_video(
        clip,
        MEDIA / "pictures" / video.poster,
        name=video.title,
        facts=known_facts(clip),
        captions={
            language: (MEDIA / "captions" / name).read_text(encoding="utf-8")
            for language, name in video.captions
        },
    )


def known_facts(clip: Path) -> Facts | None:
    """Return what `tools.demo_media` has written down about this clip.

    None if the clip is another one by now, or what we want to know of one.
    """
    notes = json.loads(FACTS.read_text(encoding="utf-8"))
    facts = notes.get(hashlib.sha256(clip.read_bytes()).hexdigest())
    wanted = {field.name for field in dataclasses.fields(Facts)}
    return Facts(**facts) if facts and facts.keys() == wanted else None


def _picture(picture: Picture) -> Asset:
    return actions.add_picture(
        (MEDIA / picture.folder / picture.file).read_bytes(),
        name=picture.alt or picture.file,
        alt=picture.alt,
        organisation_id=picture.organisation_id,
        square=picture.square,
    )


def forget(asset_ids: Sequence[uuid.UUID]) -> None:
    """Delete these assets, and the files that no other asset shares."""
    paths = set(Rendition.objects.filter(asset__in=asset_ids).values_list("path", flat=True))
    paths |= set(Asset.objects.filter(pk__in=asset_ids).values_list("source_path", flat=True))
    Asset.objects.filter(pk__in=asset_ids).delete()
    forget_files(paths)


def forget_files(paths: Iterable[str]) -> None:
    """Delete those of these stored files to which nothing points any more."""
    wanted = set(paths) - {""}
    kept = set(Rendition.objects.filter(path__in=wanted).values_list("path", flat=True))
    kept |= set(Asset.objects.filter(source_path__in=wanted).values_list("source_path", flat=True))
    for path in wanted - kept:
        storage.absolute(path).unlink(missing_ok=True)
