"""A draft as one value: what the editor sends, a snapshot keeps, and a difference compares. No database."""

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from courses.catalog.blocks import RawBlock
from courses.catalog.models import Block, Module

FIELDS = ("title", "summary", "minutes", "language", "picture_id")


@dataclasses.dataclass(frozen=True)
class Document:
    """A module's draft: its fields and its blocks in order."""

    title: str
    summary: str
    minutes: int
    language: str
    picture_id: uuid.UUID | None
    blocks: tuple[RawBlock, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the document as it travels and as it is kept."""
        return {
            "title": self.title,
            "summary": self.summary,
            "minutes": self.minutes,
            "language": self.language,
            "picture": str(self.picture_id) if self.picture_id else None,
            "blocks": [dataclasses.asdict(block) for block in self.blocks],
        }

    @property
    def digest(self) -> str:
        """The hash of its canonical JSON: the same for the same content, whoever wrote it."""
        return hashlib.sha256(canonical(self.to_json()).encode()).hexdigest()

    def assets(self) -> set[uuid.UUID]:
        """Return the ids of all media that it names."""
        named = [block.data.get(name) for block in self.blocks for name in ("asset", "picture")]
        found = {uuid.UUID(each) for each in named if isinstance(each, str) and each}
        return found | ({self.picture_id} if self.picture_id else set())


def canonical(value: Any) -> str:
    """Return JSON in one form only, so that equal values have equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def of_rows(module: Module, blocks: Iterable[Block]) -> Document:
    """Return the draft that these rows hold."""
    return Document(
        title=module.title,
        summary=module.summary,
        minutes=module.minutes,
        language=module.language,
        picture_id=module.picture_id,
        blocks=tuple(RawBlock(block.key, block.kind, block.data) for block in blocks),
    )


def of_json(raw: Mapping[str, Any]) -> Document:
    """Return a kept document; what comes from outside goes through `shapes.read` instead."""
    return Document(
        title=raw["title"],
        summary=raw["summary"],
        minutes=raw["minutes"],
        language=raw["language"],
        picture_id=uuid.UUID(raw["picture"]) if raw["picture"] else None,
        blocks=tuple(RawBlock(**block) for block in raw["blocks"]),
    )
