"""Prepares uploaded videos: one at a time, and again where a worker died over one.

The asset's row is the record. A start is counted and leased before the work; whoever works renews
the lease, and a lease that ran out gives the video to the next worker. All that is made is stored
under the hash of its content and named in one transaction, so that doing it twice changes nothing.
"""

import datetime as dt
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import health, scope
from core.mediafiles import actions, limits, pictures, probing, sniff, storage, transcode
from core.mediafiles.errors import MediaError
from core.models import Asset, Rendition

log = structlog.get_logger(__name__)

QUEUE = "media"
MAX_TRIES = 3
"""Starts after which a video that takes its worker along is given up."""

_PAUSES = {1: dt.timedelta(minutes=1), 2: dt.timedelta(minutes=10)}
"""How long a video waits after so many starts that a fault of ours ended: it may pass meanwhile."""

LEASE = dt.timedelta(seconds=90)
_RENEW_EVERY = 2.0

TIME_LIMIT = int(2 * (2 * limits.VIDEO_MS / 1000 + 60)) + 600
"""Seconds that the longest video may take in all its steps: the task's limit must not be shorter."""

_CLAIMS = 7_203_141
"""The advisory lock under which videos are claimed, so that two workers don't take two at once."""

# How the work is spread over the bar: how far it stands when a step begins.
_MAIN, _SAVER, _POSTER = 2, 75, 97


class LeaseLostError(Exception):
    """Another worker has taken this video over: stop, and leave everything to it."""


@dataclass(frozen=True)
class Job:
    """One start of one video's processing."""

    asset_id: uuid.UUID
    attempt: int
    source_path: str


def process_waiting() -> bool:
    """Prepare the video that has waited longest. Returns False if there is none, or one is at work."""
    job = _claim(Q())
    if job is None:
        return False
    _work(job)
    return True


def process(asset_id: uuid.UUID) -> bool:
    """Prepare this video now. Returns False if it is prepared already, or one is at work."""
    job = _claim(Q(pk=asset_id))
    if job is None:
        return False
    _work(job)
    return True


def _claim(which: Q) -> Job | None:
    now = timezone.now()
    rested = Q(lease_until=None) | Q(lease_until__lte=now)
    ours = rested & Q(state__in=Asset.COMING)
    with scope.scoped(scope.CLIENT), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
        if Asset.objects.filter(state=Asset.State.WORKING, lease_until__gt=now).exists():
            return None
        waiting = Asset.objects.filter(ours, which, kind=Asset.Kind.VIDEO)
        for asset in waiting.order_by("created_at").select_for_update(no_key=True):
            if asset.tries >= MAX_TRIES:
                _give_up(asset, "video_gave_up")
                continue
            asset.state, asset.tries = Asset.State.WORKING, asset.tries + 1
            asset.progress, asset.lease_until = 0, now + LEASE
            asset.save(update_fields=["state", "tries", "progress", "lease_until"])
            return Job(asset.pk, asset.tries, asset.source_path)
    return None


def _give_up(asset: Asset, code: str) -> None:
    """Leave a video failed; from now on runs the time in which its original is kept."""
    asset.state, asset.error, asset.lease_until = Asset.State.FAILED, code, timezone.now()
    asset.save(update_fields=["state", "error", "lease_until"])
    log.warning("video_failed", asset=str(asset.pk), code=code, tries=asset.tries)


def _work(job: Job) -> None:
    began = time.monotonic()
    watch = _Watch(job)
    try:
        with storage.workshop() as folder:
            _finish(job, *_make(job, folder, watch))
    except MediaError as error:
        _fail(job, error.code)
    except LeaseLostError:
        log.warning("video_lease_lost", asset=str(job.asset_id))
    except Exception:
        # Not the video's fault as far as we know: let a later round try it again.
        log.exception("video_interrupted", asset=str(job.asset_id), attempt=job.attempt)
        _release(job)
    else:
        log.info("video_ready", asset=str(job.asset_id), seconds=round(time.monotonic() - began, 1))


def _make(job: Job, folder: Path, watch: "_Watch") -> tuple[probing.Facts, list[Rendition]]:
    """Make all renditions; their files are in place afterwards, their rows unsaved."""
    file = storage.absolute(job.source_path)
    if not file.is_file():
        raise MediaError("interrupted")
    with file.open("rb") as reading:
        container = sniff.container_of(reading.read(storage.HEAD))
    facts = probing.probe(file, container, folder)
    probing.check(facts)
    source = transcode.Source(file, container, facts)
    main = transcode.make_main(source, folder, watch.step(_MAIN, _SAVER))
    made = probing.probe(main, sniff.MP4, folder)
    if made.duration_ms < 0.95 * facts.duration_ms - 1000:
        raise MediaError("video_broken")  # it promised more than it holds: the upload was cut off
    films = {"main": (main, made)}
    saver = transcode.make_saver(main, made, watch.step(_SAVER, _POSTER))
    if saver.stat().st_size < main.stat().st_size:  # of a still picture both may weigh the same
        films["saver"] = (saver, probing.probe(saver, sniff.MP4, folder))
    still = pictures.render(transcode.make_poster(main, made, watch.step(_POSTER, 99)))[0]
    asset = Asset(pk=job.asset_id)
    rows = [
        actions.rendition(
            asset, name, storage.put_file(path, "mp4"), "video/mp4", (found.width, found.height)
        )
        for name, (path, found) in films.items()
    ]
    poster = storage.put(still.data, "webp")
    size = (still.width, still.height)
    return made, [*rows, actions.rendition(asset, "poster", poster, pictures.CONTENT_TYPE, size)]


def _finish(job: Job, facts: probing.Facts, rows: list[Rendition]) -> None:
    """Name what was made, all at once. Raises LeaseLostError if another worker has taken over."""
    with scope.scoped(scope.CLIENT), transaction.atomic():
        asset = _locked(job)
        Rendition.objects.filter(asset=asset).delete()
        Rendition.objects.bulk_create(rows)
        asset.state, asset.error, asset.progress = Asset.State.READY, "", 100
        asset.duration_ms, asset.lease_until = facts.duration_ms, None
        asset.save(update_fields=["state", "error", "progress", "duration_ms", "lease_until"])


def _fail(job: Job, code: str) -> None:
    try:
        with scope.scoped(scope.CLIENT), transaction.atomic():
            _give_up(_locked(job), code)
    except LeaseLostError:
        log.warning("video_lease_lost", asset=str(job.asset_id))


def _release(job: Job) -> None:
    """Put a video back into the queue, where it rests before its next start; others go on meanwhile."""
    rests = timezone.now() + _PAUSES.get(job.attempt, dt.timedelta())
    with scope.scoped(scope.CLIENT):
        _mine(job).update(state=Asset.State.WAITING, progress=0, lease_until=rests)


def _locked(job: Job) -> Asset:
    asset = _mine(job).select_for_update(no_key=True).first()
    if asset is None:
        raise LeaseLostError
    return asset


def _mine(job: Job) -> QuerySet[Asset]:
    return Asset.objects.filter(pk=job.asset_id, state=Asset.State.WORKING, tries=job.attempt)


class _Watch:
    """Notes progress and renews the lease while ffmpeg works; sings, since the queue can't meanwhile."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._noted = 0.0

    def step(self, begins: int, ends: int) -> transcode.Progress:
        """Return what a step that fills this part of the bar has to call."""
        return lambda share: self._note(int(begins + (ends - begins) * share))

    def _note(self, percent: int) -> None:
        if time.monotonic() - self._noted < _RENEW_EVERY:
            return
        self._noted = time.monotonic()
        try:
            with scope.scoped(scope.CLIENT):
                held = _mine(self._job).update(progress=percent, lease_until=timezone.now() + LEASE)
            health.sing(QUEUE)
        except DatabaseError as error:
            # The database restarts: hours of work needn't be thrown away for that.
            log.warning("video_lease_unwritten", error=str(error)[:200])
            connection.close()
            return
        if not held:
            raise LeaseLostError
