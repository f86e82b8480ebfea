"""What is in a video, and whether we take it."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog

from core.mediafiles import limits, sandbox
from core.mediafiles.errors import MediaError
from core.mediafiles.sniff import Container

log = structlog.get_logger(__name__)

_LOOK = Path(__file__).with_name("look.py")
_BOUNDS = sandbox.Bounds(seconds=60, cpu=60)
_HDR_TRANSFERS = {16, 18}  # PQ and HLG, as phones record


@dataclass(frozen=True)
class Facts:
    """What a video is made of; `stream` is the number of its picture among all streams.

    `sound` is the number of the sound that we can read; None where there is none at all. A phone's second
    sound track may be of a kind that nobody else reads: then the other one is taken.
    """

    duration_ms: int
    width: int
    height: int
    codec: str
    stream: int
    sound: int | None
    is_mute: bool
    streams: int
    is_hdr: bool


def probe(file: Path, container: Container, folder: Path) -> Facts:
    """Look into a video file, in a process of its own.

    Raises MediaError: `video_broken`, `video_no_picture`. Whether we take it says `check()`.
    """
    printed = bytearray()
    command = [sys.executable, "-I", str(_LOOK), str(file), container.demuxer]
    outcome = sandbox.run(command, folder, _BOUNDS, printed.extend)
    if not outcome.ok:
        log.warning("video_unreadable", code=outcome.code, complaints=outcome.complaints[-200:])
        raise MediaError("video_broken" if outcome.in_time else "video_slow")
    found = json.loads(printed)
    if found["video"] is None:
        raise MediaError("video_no_picture" if found["audio"] else "video_broken")
    if not found["duration_ms"] or not found["width"] or not found["height"]:
        raise MediaError("video_broken")
    return Facts(
        duration_ms=found["duration_ms"],
        width=found["width"],
        height=found["height"],
        codec=found["video"],
        stream=found["index"],
        sound=next((index for index, name in found["audio"] if name in limits.AUDIO_CODECS), None),
        is_mute=not found["audio"],
        streams=found["streams"],
        is_hdr=found["transfer"] in _HDR_TRANSFERS,
    )


def check(facts: Facts) -> None:
    """Raise MediaError for a video that is too long, too large, or made of what we don't read."""
    if facts.streams > limits.VIDEO_STREAMS:
        raise MediaError("video_streams")
    if facts.duration_ms > limits.VIDEO_MS:
        raise MediaError("video_long")
    if facts.width * facts.height > limits.VIDEO_PIXELS:
        raise MediaError("video_pixels")
    if facts.codec not in limits.VIDEO_CODECS:
        raise MediaError("video_codec")
    if facts.sound is None and not facts.is_mute:
        raise MediaError("video_sound")
