"""Small files for tests of media, made by the tools themselves: nothing of it is committed."""

import functools
import io
import struct
import tempfile
import zlib
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from tests.plugin import children

_BASE = (imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y")


def ffmpeg(*arguments: str, ending: str = "mp4") -> bytes:
    """Return what ffmpeg makes of these arguments."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"made.{ending}"
        children.run([*_BASE, *arguments, target]).check_returncode()
        return target.read_bytes()


@functools.cache
def video(
    seconds: float = 2, size: str = "320x240", *, sound: bool = True, ending: str = "mp4"
) -> bytes:
    """Return a short video with a moving picture and a tone."""
    picture = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=12:duration={seconds}")
    tone = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}") if sound else ()
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    return ffmpeg(*picture, *tone, *codecs, "-movflags", "+faststart", ending=ending)


def picture(
    size: tuple[int, int] = (400, 300), kind: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    """Return a picture: red at the left, blue at the right."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def located_picture() -> bytes:
    """Return a picture as phones take it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right to see it upright
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 22.0)
    return picture((400, 200), exif=exif, comment=b"SECRET-COMMENT")


def bomb(side: int = 30_000) -> bytes:
    """Return a PNG of a few KB that unfolds to side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\x00" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", pixels),
            chunk(b"IEND", b""),
        )
    )
