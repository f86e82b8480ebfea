"""Pictures: opened with care, turned upright, stripped of all metadata, saved anew as WebP."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.mediafiles.errors import MediaError
from core.mediafiles.limits import PICTURE_BYTES, PICTURE_FRAMES, PICTURE_PIXELS, PICTURE_SIZES

FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/webp"

# Pillow only warns between its limit and twice its limit. For the whole process, since warnings'
# filters can't be changed for one thread alone.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = PICTURE_PIXELS

_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Encoded:
    """One size of a picture, ready to be stored."""

    name: str
    data: bytes
    width: int
    height: int


def render(data: bytes, *, square: bool = False) -> list[Encoded]:
    """Return the picture in all sizes of PICTURE_SIZES, the largest first; none is enlarged.

    `square` cuts out the middle, as for faces. Raises MediaError: `picture_empty`, `picture_bytes`,
    `picture_pixels`, `picture_frames`, `picture_type`, `picture_broken`.
    """
    image = _decode(data)
    if square:
        image = square_crop(image)
    return [_encode(name, _shrink(image, side)) for name, side in PICTURE_SIZES.items()]


def square_crop(image: Image.Image) -> Image.Image:
    """Cut a square out of the picture: the middle of a wide one, the upper part of a tall one.

    In a portrait the face is above the middle, so a tenth of the rest is left away at the top.
    """
    side = min(image.size)
    left = (image.width - side) // 2
    top = (image.height - side) // 10
    return image.crop((left, top, left + side, top + side))


def _decode(data: bytes) -> Image.Image:
    if not data:
        raise MediaError("picture_empty")
    if len(data) > PICTURE_BYTES:
        raise MediaError("picture_bytes")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PICTURE_PIXELS:
                raise MediaError("picture_pixels")
            if getattr(image, "n_frames", 1) > PICTURE_FRAMES:
                raise MediaError("picture_frames")
            # A JPEG of a camera is decoded at half or a quarter of its size where that is enough.
            image.draft("RGB", (2 * PICTURE_SIZES["large"],) * 2)
            image.load()
            return _plain(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise MediaError("picture_type") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaError("picture_pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError):
        raise MediaError("picture_broken") from None


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in sRGB, with transparency only where there is some."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey: Pillow would cut them, not scale them
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if profile:
        image = _to_srgb(image, profile, wanted)
    return image.convert(wanted)


def _to_srgb(image: Image.Image, profile: bytes, wanted: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
            image = image.convert(wanted)
        mode = "RGB" if image.mode in {"CMYK", "L"} else image.mode
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile costs a little colour, not the picture
    return converted if converted is not None else image


def _shrink(image: Image.Image, side: int) -> Image.Image:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def _encode(name: str, image: Image.Image) -> Encoded:
    out = io.BytesIO()
    # Nothing of `info` is handed on: no EXIF, no XMP, no colour profile, no comment.
    image.save(out, "WEBP", quality=80, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return Encoded(name, out.getvalue(), image.width, image.height)
