"""Makes a video's renditions with ffmpeg: `main` for Wi-Fi, `saver` for little data, and a poster.

ffmpeg is a program beside us (GPL), never linked. It reads with the demuxer that the file's first
bytes call for, from files only, and only codecs that we name.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import structlog

from core.mediafiles import limits, sandbox
from core.mediafiles.errors import MediaError
from core.mediafiles.probing import Facts
from core.mediafiles.sniff import MP4, Container

log = structlog.get_logger(__name__)

THREADS = 4

# ffmpeg names decoders, of which a codec may have several.
_DECODERS = ",".join(
    sorted(
        limits.VIDEO_CODECS
        | limits.AUDIO_CODECS
        | {"amrnb", "amrwb", "libdav1d", "libvpx", "mp3float"}
    )
)
_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,"
)

Progress = Callable[[float], None]
"""Is told how much of one step is done, from 0 to 1, at least once a second."""


@dataclass(frozen=True)
class Rate:
    """How a rendition is encoded."""

    width: int
    height: int
    quality: int
    video_rate: int
    audio_rate: int
    channels: int


MAIN = Rate(1280, 720, quality=23, video_rate=1_800_000, audio_rate=128_000, channels=2)
SAVER = Rate(640, 360, quality=27, video_rate=300_000, audio_rate=48_000, channels=1)


def time_for(duration_ms: int) -> float:
    """Return how many seconds one step may take: twice the video's length and a minute."""
    return 2 * duration_ms / 1000 + 60


@dataclass(frozen=True)
class Source:
    """The original: where it is, how it must be read, and what is in it."""

    file: Path
    container: Container
    facts: Facts


def make_main(source: Source, folder: Path, progress: Progress) -> Path:
    """Encode the source as H.264 of at most 720p. Raises MediaError `video_broken`, `video_slow`."""
    arguments = _input(source.file, source.container) + _output(source.facts, MAIN)
    return _run(arguments, folder / "main.mp4", source.facts, progress)


def make_saver(main: Path, facts: Facts, progress: Progress) -> Path:
    """Encode the main rendition, of which `facts` tell, once more for little data. Raises MediaError."""
    arguments = _input(main, MP4) + _output(facts, SAVER)
    return _run(arguments, main.with_name("saver.mp4"), facts, progress)


def make_poster(main: Path, facts: Facts, progress: Progress) -> bytes:
    """Return a telling picture out of the main rendition's beginning, as PNG. Raises MediaError."""
    arguments = [*_input(main, MP4), "-vf", "thumbnail=90", "-frames:v", "1", "-update", "1"]
    arguments += ["-c:v", "png", "-f", "image2"]
    return _run(arguments, main.with_name("poster.png"), facts, progress).read_bytes()


@functools.cache
def _program() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _input(source: Path, container: Container) -> list[str]:
    return [
        *("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", str(THREADS)),
        *("-protocol_whitelist", "file,pipe", "-codec_whitelist", _DECODERS),
        *("-max_streams", "64", "-max_pixels", str(limits.VIDEO_PIXELS)),
        *("-f", container.demuxer, "-i", f"file:{source}"),
    ]


def _output(facts: Facts, rate: Rate) -> list[str]:
    sound = [] if facts.sound is None else ["-map", f"0:{facts.sound}"]
    # A film on a phone is held either way: 720 is the shorter side's most, whichever that is.
    size = (
        f"scale=w='if(gt(a,1),min({rate.width},iw),min({rate.height},iw))'"
        f":h='if(gt(a,1),min({rate.height},ih),min({rate.width},ih))'"
        ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
    )
    picture = f"{size},{_TONE_MAP if facts.is_hdr else ''}format=yuv420p"
    return [
        *("-map", f"0:{facts.stream}", *sound, "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-dn", "-sn", "-vf", picture, "-fpsmax", "30"),
        *("-t", f"{facts.duration_ms / 1000 + 1:.3f}", "-threads", str(THREADS)),
        *(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-profile:v",
            "high",
            "-level:v",
            "4.0",
            "-crf",
            str(rate.quality),
        ),
        *("-maxrate", str(rate.video_rate), "-bufsize", str(2 * rate.video_rate), "-g", "60"),
        *("-c:a", "aac", "-b:a", str(rate.audio_rate), "-ac", str(rate.channels), "-ar", "48000"),
        *("-movflags", "+faststart", "-progress", "pipe:1", "-f", "mp4"),
    ]


def _run(arguments: list[str], target: Path, facts: Facts, progress: Progress) -> Path:
    seconds = time_for(facts.duration_ms)
    reader = _Reader(facts.duration_ms, progress)
    bounds = sandbox.Bounds(seconds=seconds, cpu=int(seconds * THREADS))
    command = [_program(), *arguments, target.name]
    outcome = sandbox.run(command, target.parent, bounds, reader.feed)
    if outcome.ok and target.is_file() and target.stat().st_size:
        return target
    complaints = outcome.complaints[-200:]
    log.warning("ffmpeg_failed", code=outcome.code, in_time=outcome.in_time, complaints=complaints)
    if "No space left on device" in outcome.complaints:
        raise MediaError("no_space")
    raise MediaError("video_broken" if outcome.in_time else "video_slow")


class _Reader:
    """Turns what `-progress` prints into a share of the whole."""

    def __init__(self, duration_ms: int, progress: Progress) -> None:
        self._duration_us = duration_ms * 1000
        self._progress = progress
        self._share = 0.0
        self._rest = b""

    def feed(self, printed: bytes) -> None:
        *lines, self._rest = (self._rest + printed).split(b"\n")
        for line in lines:
            name, _, value = line.strip().partition(b"=")
            if name == b"out_time_us" and value.isdigit():
                self._share = min(int(value) / self._duration_us, 1.0)
        self._progress(self._share)
