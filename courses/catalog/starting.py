"""What a new module begins with: the blocks of the template that its author chose.

The texts stand in `starters/`, one file a template and language. What the author has to replace stands in
〔 〕; as long as any of it is left, nothing is published.
"""

import functools
import secrets
import tomllib
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.catalog import markdown
from courses.catalog.blocks import RawBlock

_FOLDER = Path(__file__).resolve().parent / "starters"
_OPTIONS = 3


class Template(models.TextChoices):
    """A way to begin: its key, its name (`label`), and what it is for (`purpose`)."""

    NEWS = "news", _("Product news")
    VOICE = "voice", _("Customer's voice")
    FAILURE = "failure", _("Failure case")
    CULTURE = "culture", _("Culture story")
    FEATURE = "feature", _("A feature for a problem")
    EMPTY = "empty", _("Empty")

    @property
    def purpose(self) -> str:
        """What it is for, in the reader's language."""
        return str(_PURPOSES[self.value])


_PURPOSES = {
    "news": _("What changes for customers, who will like it, and what to say in 30 seconds."),
    "voice": _("One customer's day before and after, with the words that settled it."),
    "failure": _(
        "A deal that was lost, why, and what to do next time. Without blame, without names."
    ),
    "culture": _("A scene that shows why we do things the way we do, and whom to ask about it."),
    "feature": _("This feature solves this problem of this customer, and when not to offer it."),
    "empty": _("Nothing but a place to write."),
}

TEMPLATES = tuple(Template)


def blocks_for(template: str, language: str) -> list[RawBlock]:
    """Return the blocks with which this template begins, in this language. Raises KeyError for an unknown one."""
    if template not in Template.values:
        raise KeyError(template)
    if template == Template.EMPTY:
        return [
            RawBlock(_key(), "text", {"doc": {"type": "doc", "content": [{"type": "paragraph"}]}})
        ]
    return [
        RawBlock(_key(), raw["kind"], _data(raw)) for raw in _read(template, language)["blocks"]
    ]


@functools.cache
def _read(template: str, language: str) -> dict[str, Any]:
    path = _FOLDER / f"{template}.{'en' if language == 'en' else 'ja'}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _data(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a block's data from what stands in the file: new keys each time, so that nothing is shared."""
    if raw["kind"] == "text":
        return {"doc": markdown.to_doc(raw["markdown"])}
    if raw["kind"] == "quiz":
        return {"items": [_item(item) for item in raw["items"]]}
    return {
        name: list(value) if isinstance(value, list) else value
        for name, value in raw.items()
        if name != "kind"
    }


def _item(raw: dict[str, str]) -> dict[str, Any]:
    """Return a question that lacks its options' texts and the right one."""
    blank = {"text": "", "correct": False, "explanation": ""}
    return {
        "key": _key(),
        "kind": "single",
        "stem": raw["stem"],
        "weight": 1,
        "explanation": raw["explanation"],
        "options": [{"key": _key(), **blank} for _number in range(_OPTIONS)],
    }


def _key() -> str:
    return secrets.token_hex(4)
