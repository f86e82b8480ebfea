"""Make the demo world's media: `python -m tools.demo_media [faces|pictures|captions|clips] [key…]`.

Without arguments everything is made anew. Needs `resvg-py` besides the project's own requirements:
`pip install resvg-py`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tools.demo_media import encode
from tools.demo_media.captions import write_captions
from tools.demo_media.cast import LOOKS, PORTRAITS
from tools.demo_media.facts import write_facts
from tools.demo_media.people import bust
from tools.demo_media.pictures import PICTURES
from tools.demo_media.svg import WIDTH, document, group, rect

MEDIA = Path(__file__).resolve().parents[2] / "lms" / "demo" / "content" / "media"
CLIPS = tuple(PICTURES)
FACE_PIXELS = 256
FACE_BYTES, PICTURE_BYTES = 8_000, 25_000


def make_faces(keys: list[str]) -> None:
    """Draw the portraits of the named people, or of all."""
    for key, (ground, mood) in PORTRAITS.items():
        if not keys or key in keys:
            drawing = rect(0, 0, 96, 96, ground) + group(bust(LOOKS[key], mood), y=2)
            image = encode.picture(document(drawing, 96, 96), FACE_PIXELS)
            encode.save_webp(image, MEDIA / "faces" / f"{key}.webp", FACE_BYTES)


def make_pictures(keys: list[str]) -> None:
    """Draw each module's picture (`<key>-idea.webp`) and the still of its clip (`<key>.webp`)."""
    for key, draw in PICTURES.items():
        if not keys or key in keys:
            clip = importlib.import_module(f"tools.demo_media.clips.{key}")
            stills = {f"{key}-idea.webp": draw(), f"{key}.webp": clip.draw(clip.POSTER)}
            for name, drawing in stills.items():
                image = encode.picture(document(drawing), WIDTH)
                encode.save_webp(image, MEDIA / "pictures" / name, PICTURE_BYTES)


def make_captions(keys: list[str]) -> None:
    """Write the captions of the clips in both languages."""
    for key in keys or CLIPS:
        clip = importlib.import_module(f"tools.demo_media.clips.{key}")
        write_captions(MEDIA / "captions", key, clip.CUES)


def make_clips(keys: list[str]) -> None:
    """Render the clips, about half a minute of work each, and write down what is in them."""
    for key in keys or CLIPS:
        clip = importlib.import_module(f"tools.demo_media.clips.{key}")
        encode.save_clip(clip.draw, clip.SECONDS, clip.SONG, MEDIA / "clips" / f"{key}.mp4")
    write_facts(MEDIA)


MAKERS = {
    "faces": make_faces,
    "pictures": make_pictures,
    "captions": make_captions,
    "clips": make_clips,
}


def main(arguments: list[str]) -> None:
    """Make what the arguments name; raises KeyError for an unknown kind."""
    for folder in MAKERS:
        (MEDIA / folder).mkdir(parents=True, exist_ok=True)
    kinds = arguments[:1] or list(MAKERS)
    for kind in kinds:
        MAKERS[kind](arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
