"""From drawings to files: PNG, WebP and MP4 small enough for a phone on a slow line."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import resvg_py
from PIL import Image

from tools.demo_media import sound
from tools.demo_media.svg import HEIGHT, WIDTH, document

FPS = 20
CLIP_BYTES = 400_000
# Tried in this order until the clip fits; a lower number looks better and weighs more.
_QUALITIES = (22, 24, 26, 28, 30)


def picture(svg: str, width: int) -> Image.Image:
    """Rasterise an SVG document at a width."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
    return Image.open(io.BytesIO(png)).convert("RGB")


def save_webp(image: Image.Image, path: Path, limit: int) -> None:
    """Save as WebP at the best quality that stays within `limit` bytes."""
    for quality in (92, 86, 80, 72, 64, 54):
        image.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= limit:
            return
    message = f"{path.name} stays above {limit} bytes"
    raise ValueError(message)


def _frames(draw: Callable[[float], str], seconds: float, out: Path) -> None:
    """Write the clip's frames as raw RGB; an unchanged drawing is not rasterised again."""
    last_svg, last_raw = "", b""
    with out.open("wb") as file:
        for number in range(round(seconds * FPS)):
            svg = document(draw(number / FPS))
            if svg != last_svg:
                last_svg, last_raw = svg, picture(svg, WIDTH).tobytes()
            file.write(last_raw)


def _command(raw: Path, audio: Path, quality: int, out: Path) -> list[str]:
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS),
        "-i", str(raw), "-i", str(audio),
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-c:v", "libx264", "-profile:v", "main", "-level", "3.0", "-preset", "veryslow",
        "-tune", "animation", "-crf", str(quality), "-g", str(FPS * 10),
        "-c:a", "aac", "-b:a", "32k", "-ac", "1",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact",
        "-movflags", "+faststart", "-chunk_duration", "1000000", "-shortest", str(out),
    ]  # fmt: skip


def save_clip(draw: Callable[[float], str], seconds: float, song: str, path: Path) -> None:
    """Render a clip with its sound to MP4, at most CLIP_BYTES large."""
    with tempfile.TemporaryDirectory() as folder:
        raw, audio = Path(folder) / "frames.rgb", Path(folder) / "bed.wav"
        _frames(draw, seconds, raw)
        sound.write_wave(audio, sound.bed(song, seconds))
        for quality in _QUALITIES:
            out = Path(folder) / f"{quality}.mp4"
            subprocess.run(_command(raw, audio, quality, out), check=True)
            if out.stat().st_size <= CLIP_BYTES:
                path.write_bytes(out.read_bytes())
                return
    message = f"{path.name} stays above {CLIP_BYTES} bytes"
    raise ValueError(message)
