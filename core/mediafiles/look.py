"""A program that looks into a video and prints what is in it, as JSON. Runs apart, see `sandbox`.

`python -I look.py FILE DEMUXER`. It has no imports from Tomoni and reads with the given demuxer only.
"""

import json
import sys

import av

_OPTIONS = {"protocol_whitelist": "file", "max_streams": "64"}


def facts(path: str, demuxer: str) -> "dict[str, object]":
    """Return streams, length in milliseconds (None where none is written), and the picture's kind."""
    with av.open(path, format=demuxer, options=dict(_OPTIONS)) as container:
        pictures = [s for s in container.streams.video if not s.disposition & _cover()]
        found: dict[str, object] = {
            "streams": len(container.streams),
            "duration_ms": container.duration // 1000 if container.duration else None,
            "video": None,
            "audio": [[stream.index, _codec(stream)] for stream in container.streams.audio],
        }
        if pictures:
            stream = pictures[0]
            context = stream.codec_context
            found["video"] = context.codec.canonical_name
            found["index"] = stream.index
            found["width"], found["height"] = context.width, context.height
            found["transfer"] = int(context.color_trc or 0)
            if not container.duration:
                found["duration_ms"] = _measured(container, stream)
        return found


def _codec(stream: "av.AudioStream") -> str:
    """Return what the sound is made of; empty for what this library doesn't know."""
    context = getattr(stream, "codec_context", None)
    return str(context.codec.canonical_name) if context is not None else ""


def _cover() -> int:
    return int(av.stream.Disposition.attached_pic)


def _measured(container: "av.container.InputContainer", stream: "av.VideoStream") -> "int | None":
    """Return the length by reading all packets: what a browser records has none written in it."""
    last = None
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base is not None:
            last = (packet.pts + (packet.duration or 0)) * packet.time_base * 1000
    return None if last is None else int(last)


if __name__ == "__main__":
    print(json.dumps(facts(sys.argv[1], sys.argv[2])))  # noqa: T201 - this is its answer
