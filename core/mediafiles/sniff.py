"""What a file is, told from its first bytes, never from its name. Pure functions."""

from dataclasses import dataclass

from core.mediafiles.errors import MediaError


@dataclass(frozen=True)
class Container:
    """A kind of video file: the one demuxer that may read it, and how we name such files."""

    demuxer: str
    extension: str


MP4 = Container("mov", "mp4")
MATROSKA = Container("matroska", "mkv")

# Files that only name other files or addresses: a reader of them would go and fetch those.
_PLAYLISTS = (
    b"#extm3u",
    b"#ext-x",
    b"ffconcat",
    b"file ",
    b"[playlist]",
    b"[reference]",
    b"<mpd",
    b"<?xml",
    b"<asx",
    b"<smil",
    b"concat:",
    b"subfile,",
    b"http://",
    b"https://",
    b"rtsp://",
    b"v=0",
)
# Brands of the same box structure that hold still pictures.
_STILL = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"crx ")


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def is_picture(head: bytes) -> bool:
    """Say whether these first bytes begin a picture of a kind that we take: JPEG, PNG or WebP."""
    return head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def container_of(head: bytes) -> Container:
    """Return which kind of video these first bytes begin.

    Raises MediaError: `video_empty`, `video_playlist` (it names other files), `video_type`.
    """
    if not head:
        raise MediaError("video_empty")
    if len(head) >= 12 and head[4:8] == b"ftyp":
        if head[8:12] in _STILL or not 8 <= int.from_bytes(head[:4]) <= 4096:
            raise MediaError("video_type")
        return MP4
    if head.startswith(b"\x1a\x45\xdf\xa3") and (b"webm" in head[:80] or b"matroska" in head[:80]):
        return MATROSKA
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip().lower()
    if text.startswith(_PLAYLISTS):
        raise MediaError("video_playlist")
    raise MediaError("video_type")
