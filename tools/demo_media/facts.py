"""`python -m tools.demo_media.facts`: write down what is in the clips, as the product's own look finds it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
from pathlib import Path

from core.mediafiles import probing, sniff

MEDIA = Path(__file__).resolve().parents[2] / "lms" / "demo" / "content" / "media"


def write_facts(media: Path = MEDIA) -> None:
    """Write `clips.json`: what is in each clip, by the hash of its file."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for clip in sorted((media / "clips").glob("*.mp4")):
            facts = probing.probe(clip, sniff.MP4, Path(folder))
            found[hashlib.sha256(clip.read_bytes()).hexdigest()] = dataclasses.asdict(facts)
    text = json.dumps(found, indent=1) + "\n"
    (media.parent / "clips.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_facts()
