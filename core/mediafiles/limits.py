"""How much of anything we take. `docs/operations.md` names them for people who run Tomoni."""

import datetime as dt

MIB = 1024 * 1024

PICTURE_BYTES = 10 * MIB
PICTURE_PIXELS = 25_000_000
PICTURE_FRAMES = 100
"""Of a picture that moves the first frame is kept; one of more frames than this is a film."""

PICTURE_SIZES = {"large": 1280, "medium": 640, "small": 160}
"""The longest side of each rendition of a picture, in pixels."""

VIDEO_BYTES = 500 * MIB
VIDEO_MS = 60 * 60 * 1000
VIDEO_PIXELS = 4096 * 2304
VIDEO_STREAMS = 16

UPLOADS_OPEN = 5
"""How many unfinished uploads a person may have."""

UPLOADS_AN_HOUR = 60
UPLOADS_DAY_BYTES = 5 * 1024 * MIB
"""What a person's uploads of one day may weigh together."""

UPLOAD_LIVES = dt.timedelta(hours=24)
"""How long an upload waits for its next piece, and how long its result can be asked for."""

CAPTION_BYTES = MIB // 2
CAPTION_CUES = 5_000

AUDIO_CODECS = frozenset(
    {
        *("aac", "ac3", "alac", "amr_nb", "amr_wb", "eac3", "flac", "mp3", "opus", "vorbis"),
        *("pcm_s16be", "pcm_s16le", "pcm_s24le"),
    }
)
VIDEO_CODECS = frozenset(
    {"av1", "h264", "hevc", "mjpeg", "mpeg4", "prores", "theora", "vp8", "vp9"}
)
