"""Videos that people give us, kind and hostile ones, prepared by the real ffmpeg."""

import datetime as dt
import functools
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone

from core import scope
from core.mediafiles import actions, limits, processing, sandbox, storage, transcode
from core.mediafiles.errors import MediaError, explain
from core.models import Asset, Canary
from tests.core import media_samples

pytestmark = pytest.mark.django_db


def added(data: bytes, name: str = "film.mp4") -> Asset:
    return actions.add_video(ContentFile(data), name=name)


def processed(data: bytes) -> Asset:
    asset = added(data)
    assert processing.process(asset.pk)
    asset.refresh_from_db()
    return asset


def files(asset: Asset) -> dict[str, tuple[str, int, int | None]]:
    rows = asset.renditions.order_by("name")
    return {row.name: (row.sha256, row.size, row.height) for row in rows}


@functools.cache
def boxes(data: bytes) -> list[bytes]:
    """Return the kinds of an MP4 file's outermost boxes, in their order."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4])
    return found


# --- Kind ones ----------------------------------------------------------------------------------
def test_a_video_gets_a_main_and_a_saving_rendition_and_a_poster():
    asset = processed(media_samples.video(2, "1920x1080"))
    assert (asset.state, asset.error, asset.progress) == ("ready", "", 100)
    assert asset.duration_ms is not None
    assert abs(asset.duration_ms - 2000) < 200
    sizes = {row.name: (row.width, row.height, row.content_type) for row in asset.renditions.all()}
    assert sizes == {
        "main": (1280, 720, "video/mp4"),
        "saver": (640, 360, "video/mp4"),
        "poster": (1280, 720, "image/webp"),
    }


def test_a_prepared_video_starts_before_it_is_loaded_and_names_no_tools():
    asset = processed(media_samples.video())
    data = storage.absolute(asset.renditions.get(name="main").path).read_bytes()
    order = boxes(data)
    assert order.index(b"moov") < order.index(b"mdat")
    assert b"Lavf" not in data[:200]


@pytest.mark.parametrize(
    "make",
    [
        lambda: media_samples.video(1, "242x182", sound=False),
        lambda: media_samples.video(1, "180x320", ending="mov"),
        lambda: media_samples.video(1, ending="mkv"),
        lambda: media_samples.ffmpeg(
            *("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=1"),
            *("-c:v", "libvpx", "-deadline", "realtime"),
            ending="webm",
        ),
        lambda: media_samples.ffmpeg(
            *("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=1"),
            *("-c:v", "libvpx", "-deadline", "realtime", "-f", "webm", "-live", "1"),
            ending="webm",
        ),
    ],
    ids=["small and silent", "upright mov", "mkv", "webm", "webm of unknown length"],
)
def test_usual_kinds_of_files_are_taken(make):
    asset = processed(make())
    assert (asset.state, asset.error) == ("ready", "")


def test_an_upright_video_stays_upright():
    asset = processed(media_samples.video(1, "720x1280"))
    main = asset.renditions.get(name="main")
    assert (main.width, main.height) == (720, 1280)


def test_a_ready_video_is_stored_as_it_is(tmp_path: Path):
    film, poster = tmp_path / "film.mp4", tmp_path / "poster.png"
    film.write_bytes(media_samples.video())
    poster.write_bytes(media_samples.picture(kind="PNG"))
    vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nこんにちは\n"
    asset = actions.add_ready_video(film, poster, name="挨拶", captions={"ja": vtt})
    assert (asset.state, asset.name) == ("ready", "挨拶")
    main = asset.renditions.get(name="main")
    assert storage.absolute(main.path).read_bytes() == film.read_bytes()
    assert asset.captions.get().language == "ja"


# --- Hostile ones -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "video_empty"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "video_playlist"),
        (b"\xef\xbb\xbf  #EXTM3U\nhttp://169.254.169.254/\n", "video_playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "video_playlist"),
        (b"<?xml version='1.0'?><MPD></MPD>", "video_playlist"),
        (b"concat:/etc/passwd|/etc/shadow", "video_playlist"),
        (b"subfile,,start,0,end,9,,:/etc/passwd", "video_playlist"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video_type"),
        (b"MZ\x90\x00", "video_type"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "video_type"),
        (b"\xff\xff\xff\xffftypisom", "video_type"),
        (b"\x1a\x45\xdf\xa3\x93\x42\x82\x88evil", "video_type"),
    ],
)
def test_what_is_no_video_is_refused_by_its_first_bytes(data: bytes, code: str):
    with pytest.raises(MediaError) as caught:
        added(data, "film.mp4")
    assert caught.value.code == code
    assert not Asset.objects.exists()


def test_a_video_that_is_too_large_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "VIDEO_BYTES", 1000)
    with pytest.raises(MediaError, match="video_bytes"):
        added(media_samples.video())
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) * 6 // 10],
        lambda data: data[:200],
        lambda data: data[:100] + bytes(len(data) - 100),
    ],
    ids=["cut at 60 %", "only a head", "zeros"],
)
def test_a_damaged_video_fails_with_an_explanation(damage):
    asset = processed(damage(media_samples.video(4)))
    assert (asset.state, asset.error) == ("failed", "video_broken")
    assert not asset.renditions.exists()


def test_a_playlist_behind_a_video_s_first_bytes_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(media_samples.video(1))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n".encode()
    head = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42"
    asset = processed(head + playlist)
    assert (asset.state, asset.error) == ("failed", "video_broken")


def test_ten_hours_of_black_are_refused_before_they_are_read():
    black = media_samples.ffmpeg(
        *("-f", "lavfi", "-i", "color=black:size=16x16:rate=1:duration=36000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "36000"),
    )
    assert processed(black).error == "video_long"


def test_sound_alone_is_no_video():
    tone = ("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac")
    assert processed(media_samples.ffmpeg(*tone)).error == "video_no_picture"


def test_a_picture_larger_than_4k_is_refused():
    assert processed(media_samples.video(0.1, "4200x2400", sound=False)).error == "video_pixels"


def test_many_streams_are_refused():
    pictures = ("-f", "lavfi", "-i", "color=black:size=16x16:rate=1:duration=1")
    many = [word for _ in range(20) for word in ("-map", "0:v")]
    assert processed(media_samples.ffmpeg(*pictures, *many)).error == "video_streams"


def test_a_format_that_is_not_on_our_list_is_refused():
    asset = processed(
        media_samples.ffmpeg(
            *("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=1", "-c:v", "ffv1"),
            ending="mkv",
        )
    )
    assert asset.error == "video_codec"


def test_a_program_that_takes_too_long_is_stopped(tmp_path: Path):
    bounds = sandbox.Bounds(seconds=0.3, cpu=10)
    outcome = sandbox.run(["/bin/sleep", "60"], tmp_path, bounds, lambda _: None)
    assert (outcome.in_time, outcome.code) == (False, -signal.SIGKILL)


def told(folder: Path, script: str) -> str:
    printed = bytearray()
    sandbox.run(["/bin/sh", "-c", script], folder, sandbox.Bounds(10, 10), printed.extend)
    return printed.decode()


def test_a_program_gets_none_of_our_secrets_and_little_memory(tmp_path: Path):
    said = told(tmp_path, "env; ulimit -v")
    assert "SECRET_KEY" not in said
    assert "DATABASE" not in said
    assert str(4096 * 1024) in said


def test_a_program_gets_no_network_where_the_system_can_take_it_away(tmp_path: Path):
    """A container may forbid namespaces; then the list of protocols alone keeps ffmpeg at home."""
    unshare = "import ctypes, sys; sys.exit(bool(ctypes.CDLL(None).unshare(0x50000000)))"
    possible = subprocess.run([sys.executable, "-c", unshare], check=False).returncode == 0
    devices = [
        line.split(":")[0].strip() for line in told(tmp_path, "cat /proc/net/dev").splitlines()[2:]
    ]
    assert devices == ["lo"] or not possible


def test_a_program_that_wants_too_much_memory_or_disk_gets_none(tmp_path: Path):
    bounds = sandbox.Bounds(seconds=10, cpu=10, file=1000)
    outcome = sandbox.run(
        ["/bin/dd", "if=/dev/zero", "of=out", "bs=4096", "count=9"],
        tmp_path,
        bounds,
        lambda _: None,
    )
    assert not outcome.ok
    assert (tmp_path / "out").stat().st_size <= 1000


def test_the_program_is_gone_when_its_watcher_gives_up(tmp_path: Path):
    def give_up(_: bytes) -> None:
        raise processing.LeaseLostError

    marker = "61.234"
    with pytest.raises(processing.LeaseLostError):
        sandbox.run(["/bin/sleep", marker], tmp_path, sandbox.Bounds(30, 10), give_up)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert f"sleep {marker}" not in running.stdout


def test_a_failure_of_another_version_is_explained_in_general_words():
    assert explain("unheard_of") != explain("video_broken")


# --- Leases ---------------------------------------------------------------------------------------
def test_doing_it_twice_changes_nothing():
    asset = processed(media_samples.video(1))
    before = files(asset)
    assert not processing.process(asset.pk)
    assert not processing.process_waiting()
    assert files(asset) == before


def test_a_video_whose_worker_died_is_taken_up_again_and_comes_out_the_same():
    first = files(processed(media_samples.video(1)))
    asset = added(media_samples.video(1))
    job = processing._claim(Q(pk=asset.pk))
    assert job is not None
    assert not processing.process(asset.pk)  # the lease still holds
    Asset.objects.filter(pk=asset.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert processing.process_waiting()
    asset.refresh_from_db()
    assert (asset.state, asset.tries) == ("ready", 2)
    assert files(asset) == first


def test_a_worker_that_lost_its_lease_writes_nothing():
    asset = added(media_samples.video(1))
    slow = processing._claim(Q(pk=asset.pk))
    assert slow is not None
    Asset.objects.filter(pk=asset.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert processing.process(asset.pk)
    before = files(asset)
    processing._work(slow)
    asset.refresh_from_db()
    assert (asset.state, files(asset)) == ("ready", before)


def test_a_video_that_always_takes_its_worker_along_is_given_up():
    asset = added(media_samples.video(1))
    for _ in range(processing.MAX_TRIES):
        assert processing._claim(Q()) is not None
        Asset.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert not processing.process_waiting()
    asset.refresh_from_db()
    assert (asset.state, asset.error) == ("failed", "video_gave_up")


def test_videos_that_faults_interrupt_wait_longer_each_time_and_hold_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
):
    first, second = added(media_samples.video(1)), added(media_samples.video(1))
    began, starts = timezone.now(), []

    def faulty(job: processing.Job, *_: object) -> None:
        starts.append((job.asset_id, round((timezone.now() - began).total_seconds())))
        raise OSError("a fault of ours")

    monkeypatch.setattr(processing, "_make", faulty)
    for seconds in range(0, 1200, 30):
        with time_machine.travel(began + dt.timedelta(seconds=seconds), tick=False):
            processing.process_waiting()
    assert starts == [
        *((first.pk, 0), (second.pk, 30)),
        *((first.pk, 60), (second.pk, 90)),
        *((first.pk, 660), (second.pk, 690)),
    ]
    assert set(Asset.objects.values_list("state", "error")) == {("failed", "video_gave_up")}


def test_a_fault_that_has_passed_costs_a_video_nothing(monkeypatch: pytest.MonkeyPatch):
    asset = added(media_samples.video(1))
    with monkeypatch.context() as ours:
        ours.setattr(processing, "_make", lambda *_: 1 / 0)
        assert processing.process_waiting()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert processing.process_waiting()
    asset.refresh_from_db()
    assert (asset.state, asset.tries) == ("ready", 2)


def test_one_video_at_a_time_and_the_oldest_first():
    first, second = added(media_samples.video(1)), added(media_samples.video(1))
    job = processing._claim(Q())
    assert job is not None
    assert job.asset_id == first.pk
    assert processing._claim(Q(pk=second.pk)) is None


def test_progress_is_noted_the_lease_renewed_and_the_queue_sings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(processing, "_RENEW_EVERY", 0.0)
    asset = added(media_samples.video(1))
    job = processing._claim(Q())
    assert job is not None
    Asset.objects.update(lease_until=timezone.now())
    processing._Watch(job).step(10, 60)(0.5)
    asset.refresh_from_db()
    assert asset.progress == 35
    assert asset.lease_until is not None
    assert asset.lease_until > timezone.now() + dt.timedelta(seconds=60)
    assert Canary.objects.filter(queue="media").exists()


def test_the_worker_needs_no_scope_around_it():
    asset = added(media_samples.video(1))
    with scope.scoped(scope.NONE):
        assert processing.process_waiting()
    asset.refresh_from_db()
    assert asset.state == "ready"


def test_a_failed_video_can_be_tried_again_until_its_original_is_deleted():
    asset = processed(media_samples.video(2)[:3000])
    assert asset.state == "failed"
    assert actions.retry_video(asset_id=asset.pk)
    assert processing.process_waiting()
    source = storage.absolute(asset.source_path)
    assert actions.forget_failed_sources() == 0
    Asset.objects.update(lease_until=timezone.now() - dt.timedelta(hours=25))
    assert actions.forget_failed_sources() == 1
    assert not source.exists()
    assert not actions.retry_video(asset_id=asset.pk)


def test_progress_is_read_from_what_ffmpeg_prints_in_pieces():
    told: list[float] = []
    reader = transcode._Reader(2000, told.append)
    for piece in (
        b"frame=1\nout_time",
        b"_us=1000000\n",
        b"out_time_us=N/A\n",
        b"out_time_us=9000000\n",
    ):
        reader.feed(piece)
    assert told == [0.0, 0.5, 0.5, 1.0]


def test_the_queue_s_time_limit_is_longer_than_the_longest_video_may_take():
    steps = 2 * transcode.time_for(limits.VIDEO_MS)
    assert steps < processing.TIME_LIMIT
