"""Uploads that go on where they stopped: begun, continued piece by piece, finished once, or forgotten.

The row says how many bytes count; each was on the disk before. A piece is written and counted under the
row's lock, so of two senders of the same upload one goes on and the other hears where it stands. No
lock is held while bytes are on their way: a connection that died blocks nobody.
"""

import shutil
import uuid
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from core import scope
from core.mediafiles import actions, limits, sniff, storage
from core.mediafiles.errors import MediaError
from core.mediafiles.spool import Spool
from core.models import Asset, Upload

log = structlog.get_logger(__name__)

_IDLE = 600
"""Seconds after which an unfinished upload gives its place to a new one."""

_SPARE = 64 * limits.MIB
"""Room that an upload leaves on the disk."""

_OPEN: dict[str, Any] = {"asset": None, "error": ""}
"""Which uploads more bytes may come for, as `Upload.is_open` says."""

PASSING = frozenset({"no_space"})
"""What is nobody's fault and may be over soon: the upload stays."""


@dataclass(frozen=True)
class Announced:
    """What somebody says they will send."""

    size: int
    name: str = ""
    alt: str = ""
    kind: str = ""


def begin(*, person_id: uuid.UUID, organisation_id: uuid.UUID, announced: Announced) -> Upload:
    """Make room for an upload.

    Raises MediaError: too large or empty, `no_space`, `uploads_open`, `uploads_day`.
    """
    _check(announced)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload:{person_id}"]
            )
        _check_day(person_id, announced.size)
        gone = _make_way(person_id)
        upload = Upload.objects.create(
            person_id=person_id,
            organisation_id=organisation_id,
            kind=announced.kind,
            name=announced.name[:200],
            alt=announced.alt[:300],
            size=announced.size,
            expires_at=timezone.now() + limits.UPLOAD_LIVES,
        )
    if gone is not None:
        Spool(gone).forget()
    return upload


def find(upload_id: uuid.UUID, person_id: uuid.UUID) -> Upload | None:
    """Return this person's upload; None for others' and for what has expired. One query."""
    mine = Upload.objects.filter(pk=upload_id, person_id=person_id)
    return mine.filter(expires_at__gt=timezone.now()).first()


def append(*, upload_id: uuid.UUID, offset: int, piece: bytes) -> Upload | None:
    """Add bytes at this place, and return the upload as it is then; None where it is gone.

    Where it stands elsewhere, or is over, nothing is added: `received` tells. Raises MediaError("no_space").
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update(no_key=True).filter(pk=upload_id).first()
        if upload is None or not upload.is_open:
            return upload
        spool = Spool(upload.pk)
        there = min(upload.received, spool.size)  # a disk that was put back may hold less
        if there == offset and offset + len(piece) <= upload.size:
            spool.write(piece, offset)
            there += len(piece)
        if there != upload.received:
            upload.received = there
            upload.expires_at = timezone.now() + limits.UPLOAD_LIVES
            _look_early(upload, spool)
            upload.save(update_fields=["received", "expires_at", "error"])
    if upload.error:
        spool.forget()
    return upload


def finish(*, upload_id: uuid.UUID, owner_id: uuid.UUID | None) -> Upload | None:
    """Make an asset of an upload that has arrived whole, once; `owner_id` as for `add_video`.

    A file that we don't take leaves its reason in `error`. Raises MediaError("no_space").
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update(no_key=True).filter(pk=upload_id).first()
        if upload is None or not upload.is_open or not upload.is_whole:
            return upload
        spool = Spool(upload.pk)
        try:
            upload.asset = _asset(upload, spool, owner_id)
        except MediaError as error:
            if error.code in PASSING:
                raise
            upload.error = error.code
        upload.save(update_fields=["asset", "error"])
    spool.forget()
    log.info("upload_finished", upload=str(upload.pk), size=upload.size, refused=upload.error)
    return upload


def forget(*, upload_id: uuid.UUID) -> None:
    """Delete an unfinished upload with what has come of it.

    One that is over stays until it expires: what was taken counts for its day, whoever forgets it.
    """
    Upload.objects.filter(pk=upload_id, **_OPEN).delete()
    Spool(upload_id).forget()


def forget_expired() -> int:
    """Delete the uploads that nobody went on with. Returns how many."""
    with scope.scoped(scope.CLIENT):
        old = Upload.objects.filter(expires_at__lte=timezone.now())
        gone = list(old.values_list("pk", flat=True))
        Upload.objects.filter(pk__in=gone).delete()
        for pk in gone:
            Spool(pk).forget()
    return len(gone)


def _check(announced: Announced) -> None:
    is_image = announced.kind == Asset.Kind.IMAGE
    most = limits.PICTURE_BYTES if is_image else limits.VIDEO_BYTES
    kind = "picture" if is_image else "video"
    if announced.size < 1:
        raise MediaError(f"{kind}_empty")
    if announced.size > most:
        raise MediaError(f"{kind}_bytes")
    if shutil.disk_usage(storage.temporary()).free < announced.size + _SPARE:
        raise MediaError("no_space")


def _check_day(person_id: uuid.UUID, size: int) -> None:
    since = timezone.now() - limits.UPLOAD_LIVES
    today = Upload.objects.filter(person_id=person_id, created_at__gt=since)
    if (today.aggregate(sum=Sum("size"))["sum"] or 0) + size > limits.UPLOADS_DAY_BYTES:
        raise MediaError("uploads_day")


def _make_way(person_id: uuid.UUID) -> uuid.UUID | None:
    """Forget the person's idlest unfinished upload if there are too many; return which."""
    mine = Upload.objects.filter(person_id=person_id, **_OPEN)
    waiting = list(mine.order_by("expires_at"))
    if len(waiting) < limits.UPLOADS_OPEN:
        return None
    idle = timezone.now() + limits.UPLOAD_LIVES - waiting[0].expires_at
    if idle.total_seconds() < _IDLE:
        raise MediaError("uploads_open")
    waiting[0].delete()
    return waiting[0].pk


def _look_early(upload: Upload, spool: Spool) -> None:
    """Refuse what is no video or picture by its first bytes, before all the rest is sent."""
    if upload.received < min(storage.HEAD, upload.size):
        return
    try:
        _container(upload, spool.head)
    except MediaError as error:
        upload.error = error.code


def _container(upload: Upload, head: bytes) -> sniff.Container | None:
    """Return which kind of video it is, None for a picture. Raises MediaError for anything else."""
    if sniff.is_picture(head):
        if upload.kind == Asset.Kind.VIDEO:
            raise MediaError("video_type")
        if upload.size > limits.PICTURE_BYTES:
            raise MediaError("picture_bytes")
        return None
    if upload.kind == Asset.Kind.IMAGE:
        raise MediaError("picture_type")
    return sniff.container_of(head)


def _asset(upload: Upload, spool: Spool, owner_id: uuid.UUID | None) -> Asset:
    if _container(upload, spool.head) is None:
        return actions.add_picture(
            spool.place.read_bytes(),
            name=upload.name,
            alt=upload.alt,
            organisation_id=owner_id,
            uploaded_by=upload.person_id,
        )
    return actions.add_video(
        spool, name=upload.name, organisation_id=owner_id, uploaded_by=upload.person_id
    )
