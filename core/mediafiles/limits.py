"""How much of anything we take. `docs/operations.md` names them for people who run Tomoni."""

MIB = 1024 * 1024

PICTURE_BYTES = 10 * MIB
PICTURE_PIXELS = 25_000_000
PICTURE_SIZES = {"large": 1280, "medium": 640, "small": 160}
"""The longest side of each rendition of a picture, in pixels."""

VIDEO_BYTES = 500 * MIB
VIDEO_MS = 60 * 60 * 1000
VIDEO_PIXELS = 4096 * 2304
VIDEO_STREAMS = 16

CAPTION_BYTES = MIB // 2
CAPTION_CUES = 5_000

AUDIO_CODECS = frozenset(
    {"aac", "alac", "flac", "mp3", "opus", "vorbis", "pcm_s16be", "pcm_s16le", "pcm_s24le"}
)
VIDEO_CODECS = frozenset(
    {"av1", "h264", "hevc", "mjpeg", "mpeg4", "prores", "theora", "vp8", "vp9"}
)
