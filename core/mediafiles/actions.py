"""Writes of media. Everything is looked at before it is stored, and stored before it is named."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import structlog
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from core import bell, scope
from core.mediafiles import captions as webvtt
from core.mediafiles import limits, pictures, probing, sniff, storage
from core.mediafiles.errors import MediaError
from core.mediafiles.spool import Spool
from core.models import Asset, Caption, Rendition

log = structlog.get_logger(__name__)

PROCESS = "core.process_media"

_SOURCE_STAYS = dt.timedelta(hours=24)
"""How long the original of a video that couldn't be prepared is kept for another try."""


def add_picture(
    data: "bytes | File[bytes]",
    *,
    name: str = "",
    alt: str = "",
    organisation_id: uuid.UUID | None = None,
    uploaded_by: uuid.UUID | None = None,
    square: bool = False,
) -> Asset:
    """Check a picture, save it anew as `large`, `medium` and `small` WebP, and return its asset.

    `square` cuts out the middle, as for faces. Raises MediaError; then nothing has changed.
    """
    raw = data if isinstance(data, bytes) else data.read(limits.PICTURE_BYTES + 1)
    sizes = pictures.render(raw, square=square)
    files = [storage.put(size.data, "webp") for size in sizes]
    with transaction.atomic():
        asset = Asset.objects.create(
            kind=Asset.Kind.IMAGE,
            state=Asset.State.READY,
            name=_title(name),
            alt=alt[:300],
            organisation_id=organisation_id,
            uploaded_by=uploaded_by,
            source_sha256=files[0].sha256,
            progress=100,
        )
        Rendition.objects.bulk_create(
            rendition(asset, size.name, file, pictures.CONTENT_TYPE, (size.width, size.height))
            for size, file in zip(sizes, files, strict=True)
        )
    return asset


def add_video(
    file: "storage.Incoming | Spool | File[bytes]",
    *,
    name: str,
    organisation_id: uuid.UUID | None = None,
    uploaded_by: uuid.UUID | None = None,
) -> Asset:
    """Take a video in; a worker of the queue `media` prepares it.

    Only its first bytes are looked at here, the rest in a process that can be stopped. Raises
    MediaError; then nothing has changed.
    """
    incoming = file if isinstance(file, storage.Incoming | Spool) else _spooled(file)
    with incoming:
        container = sniff.container_of(incoming.head)
        source = incoming.keep(container.extension, storage.SOURCES)
    with transaction.atomic():
        asset = Asset.objects.create(
            kind=Asset.Kind.VIDEO,
            name=_title(name),
            organisation_id=organisation_id,
            uploaded_by=uploaded_by,
            source_sha256=source.sha256,
            source_path=source.path,
        )
        _call_worker()
    return asset


def add_ready_video(
    mp4: Path,
    poster: Path,
    *,
    name: str,
    captions: Mapping[str, str],
    saver: Path | None = None,
    facts: probing.Facts | None = None,
    organisation_id: uuid.UUID | None = None,
) -> Asset:
    """Add a video that is already fit for phones, with its poster and captions (language: WebVTT).

    For content that comes with Tomoni. `facts` spares a look into the mp4, whose content the caller knows.
    Raises MediaError for what isn't fit.
    """
    files = {"main": mp4} | ({"saver": saver} if saver else {})
    with storage.workshop() as folder:
        seen = {
            key: (key == "main" and facts) or probing.probe(file, sniff.MP4, folder)
            for key, file in files.items()
        }
    texts = {lang: webvtt.to_webvtt(text.encode()) for lang, text in captions.items()}
    large = pictures.render(poster.read_bytes())[0]
    with transaction.atomic():
        asset = Asset.objects.create(
            kind=Asset.Kind.VIDEO,
            state=Asset.State.READY,
            name=_title(name),
            organisation_id=organisation_id,
            duration_ms=seen["main"].duration_ms,
            progress=100,
        )
        rows = [
            rendition(
                asset,
                key,
                storage.put_file(file, "mp4"),
                "video/mp4",
                (seen[key].width, seen[key].height),
            )
            for key, file in files.items()
        ]
        still = storage.put(large.data, "webp")
        size = (large.width, large.height)
        rows.append(rendition(asset, "poster", still, pictures.CONTENT_TYPE, size))
        Rendition.objects.bulk_create(rows)
        Caption.objects.bulk_create(
            Caption(asset=asset, language=lang, text=text) for lang, text in texts.items()
        )
    return asset


def rendition(
    asset: Asset, name: str, file: storage.Stored, content_type: str, size: tuple[int, int]
) -> Rendition:
    """Return the unsaved row of a stored file of this asset."""
    return Rendition(
        asset=asset,
        name=name,
        path=file.path,
        sha256=file.sha256,
        content_type=content_type,
        size=file.size,
        width=size[0],
        height=size[1],
    )


class CaptionsConflictError(Exception):
    """Somebody else has changed these captions since they were read; `base` is what they are now."""

    def __init__(self, base: str) -> None:
        super().__init__(base)
        self.base = base


@transaction.atomic
def write_captions(
    *, asset: Asset, language: str, cues: Sequence[webvtt.Cue], base: str
) -> Caption:
    """Replace a video's captions in one language by what was edited from `base` (see `captions_base`).

    Raises MediaError("captions_empty"), and CaptionsConflictError where they aren't `base` any more.
    """
    if not cues:
        raise MediaError("captions_empty")
    Asset.objects.select_for_update(no_key=True).get(pk=asset.pk)
    before = Caption.objects.filter(asset=asset, language=language).first()
    now = captions_base(before.text if before else "")
    text = webvtt.write(cues)
    if base != now and text != (before.text if before else ""):
        raise CaptionsConflictError(now)
    return _put_captions(asset, language, text)


def captions_base(text: str) -> str:
    """Return a short name of captions as they are, by which a later change is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _put_captions(asset: Asset, language: str, text: str) -> Caption:
    row, _ = Caption.objects.update_or_create(
        asset=asset, language=language, defaults={"text": text}
    )
    return row


@transaction.atomic
def remove_captions(*, asset: Asset, language: str) -> bool:
    """Take a video's captions in one language away. Returns False where there were none."""
    deleted, _ = Caption.objects.filter(asset=asset, language=language).delete()
    return bool(deleted)


@transaction.atomic
def retry_video(*, asset_id: uuid.UUID) -> bool:
    """Prepare a video again that couldn't be prepared. Returns False if its original is gone."""
    changed = (
        Asset.objects.filter(pk=asset_id, state=Asset.State.FAILED)
        .exclude(source_path="")
        .update(state=Asset.State.WAITING, error="", tries=0, progress=0, lease_until=None)
    )
    if changed:
        _call_worker()
    return bool(changed)


def forget_failed_sources() -> int:
    """Delete the originals of videos that couldn't be prepared a day ago. Returns how many."""
    with scope.scoped(scope.CLIENT):
        return _forget_failed_sources()


def _forget_failed_sources() -> int:
    rows = Asset.objects.filter(
        state=Asset.State.FAILED, lease_until__lt=timezone.now() - _SOURCE_STAYS
    ).exclude(source_path="")
    gone = 0
    for pk, path in rows.values_list("pk", "source_path"):
        if not Asset.objects.filter(pk=pk, state=Asset.State.FAILED).update(source_path=""):
            continue
        if not Asset.objects.filter(source_path=path).exists():
            storage.absolute(path).unlink(missing_ok=True)
        gone += 1
    return gone


def _call_worker() -> None:
    transaction.on_commit(lambda: bell.call(PROCESS, "media"), robust=True)


def _title(name: str) -> str:
    """Return a name without folders and ending, as somebody would write it."""
    plain = PurePath(name.replace("\\", "/")).name
    stem = PurePath(plain).stem if len(PurePath(plain).suffix) <= 5 else plain
    return "".join(c for c in stem if c.isprintable()).strip()[:200]


def _spooled(file: "File[bytes]") -> storage.Incoming:
    """Write a file to the media's disk, counting as it comes."""
    incoming = storage.Incoming(limits.VIDEO_BYTES, "video_bytes")
    try:
        for chunk in file.chunks():
            incoming.write(chunk)
    except BaseException:
        incoming.close()
        raise
    return incoming
