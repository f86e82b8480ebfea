"""The shape of a draft as it comes from the editor. A draft may be unfinished, but never broken.

What is missing or empty is a *problem* (`advice`) and is saved all the same; what could not be shown, or
not be edited again, is refused with 422 and the field's path: `blocks.<key>.<field>`.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.jsonbody import BadBodyError
from courses.authoring import richshape
from courses.authoring.documents import Document
from courses.catalog.blocks import ITEM_KINDS, KEY, MAX_ITEMS, MAX_OPTIONS, RawBlock

MAX_BLOCKS = 60
_OPTION_KEY = re.compile(r"[a-z0-9]{1,12}")
_TITLE, _SUMMARY, _LINE, _PASSAGE = 160, 300, 300, 2000


def read(raw: Any) -> Document:
    """Return the document that was sent. Raises BadBodyError (422), and names the field."""
    fields = _object(
        raw, {"title", "summary", "minutes", "language", "picture", "blocks"}, "document"
    )
    minutes = fields.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 60:
        raise _bad("bad_minutes", _("The minutes are a whole number from 1 to 60."), "minutes")
    language = fields.get("language")
    if not isinstance(language, str) or language not in dict(settings.LANGUAGES):
        raise _bad("bad_language", _("Please choose one of the languages."), "language")
    picture = _id(fields.get("picture"), "picture")
    return Document(
        title=_text(fields.get("title"), "title", _TITLE),
        summary=_text(fields.get("summary"), "summary", _SUMMARY),
        minutes=minutes,
        language=language,
        picture_id=uuid.UUID(picture) if picture else None,
        blocks=_blocks(fields.get("blocks")),
    )


def _bad(code: str, message: str, field: str) -> BadBodyError:
    return BadBodyError(code, message, field, status=422)


def _object(raw: Any, known: set[str], field: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _bad("bad_shape", _("An object is expected here."), field)
    unknown = sorted(raw.keys() - known)
    if unknown:
        message = _("“%(name)s” is not known here.") % {"name": unknown[0][:40]}
        raise _bad("unknown_field", message, f"{field}.{unknown[0][:40]}")
    return raw


def _list(raw: Any, field: str, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        message = _("A list of at most %(most)d entries is expected.") % {"most": most}
        raise _bad("bad_list", message, field)
    return raw


def _text(raw: Any, field: str, most: int) -> str:
    """Return a text; a missing one is empty."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise _bad("bad_text", _("A text is expected here."), field)
    if len(raw) > most:
        message = _("At most %(most)d letters fit in here.") % {"most": most}
        raise _bad("text_too_long", message, field)
    return raw


def _id(raw: Any, field: str) -> str | None:
    if raw is None or raw == "":
        return None
    if not richshape.is_id(raw):
        raise _bad("bad_id", _("This is not an id."), field)
    return str(raw)


def _blocks(raw: Any) -> tuple[RawBlock, ...]:
    found: list[RawBlock] = []
    seen: set[str] = set()
    for place, each in enumerate(_list(raw, "blocks", MAX_BLOCKS)):
        fields = _object(each, {"key", "kind", "data"}, f"blocks.{place}")
        key, kind = fields.get("key"), fields.get("kind")
        if not isinstance(key, str) or not KEY.fullmatch(key) or key in seen:
            raise _bad(
                "bad_key",
                _("This block's key is missing or stands twice."),
                f"blocks.{place}.key",
            )
        seen.add(key)
        reader = _KINDS.get(kind) if isinstance(kind, str) else None
        if reader is None:
            raise _bad("bad_kind", _("This kind of block is not known."), f"blocks.{key}.kind")
        found.append(RawBlock(key, str(kind), reader(fields.get("data"), f"blocks.{key}")))
    return tuple(found)


def _fields(raw: Any, field: str, texts: dict[str, int], ids: tuple[str, ...]) -> dict[str, Any]:
    """Read an object of texts and ids; absent fields stay absent."""
    data = _object(raw, {*texts, *ids}, field)
    read_texts = {
        name: _text(value, f"{field}.{name}", texts[name])
        for name, value in data.items()
        if name in texts
    }
    return read_texts | {
        name: _id(value, f"{field}.{name}") for name, value in data.items() if name in ids
    }


def _rich(raw: Any, field: str) -> dict[str, Any]:
    data = _object(raw, {"doc"}, field)
    if data.get("doc") is not None:
        richshape.check(data["doc"], f"{field}.doc")
    return data


def _video(raw: Any, field: str) -> dict[str, Any]:
    return _fields(raw, field, {"title": _TITLE}, ("asset",))


def _image(raw: Any, field: str) -> dict[str, Any]:
    return _fields(raw, field, {"alt": _LINE, "caption": _LINE}, ("asset",))


def _story(raw: Any, field: str) -> dict[str, Any]:
    passages = dict.fromkeys(("before", "turning_point", "after", "quote"), _PASSAGE)
    names = {"title": _TITLE, "name": 80, "role": 120}
    return _fields(raw, field, names | passages, ("picture",))


def _person(raw: Any, field: str) -> dict[str, Any]:
    return _fields(raw, field, {"name": 80, "role": 120, "ask_about": _PASSAGE}, ("picture",))


def _phrases(raw: Any, field: str) -> dict[str, Any]:
    data = dict(_object(raw, {"title", "lines"}, field))
    if "title" in data:
        data["title"] = _text(data["title"], f"{field}.title", _TITLE)
    if "lines" in data:
        lines = _list(data["lines"], f"{field}.lines", 30)
        data["lines"] = [
            _text(line, f"{field}.lines.{place}", _LINE) for place, line in enumerate(lines)
        ]
    return data


def _quiz(raw: Any, field: str) -> dict[str, Any]:
    data = _object(raw, {"items"}, field)
    if "items" not in data:
        return data
    items = _list(data["items"], f"{field}.items", MAX_ITEMS)
    return {"items": [_item(item, f"{field}.items.{place}") for place, item in enumerate(items)]}


def _scenario(raw: Any, field: str) -> dict[str, Any]:
    return dict(_object(raw, set(), field))


def _item(raw: Any, field: str) -> dict[str, Any]:
    known = {"key", "kind", "stem", "weight", "explanation", "options", "bank"}
    item = dict(_object(raw, known, field))
    if not isinstance(item.get("key"), str) or not KEY.fullmatch(item["key"]):
        raise _bad("bad_key", _("This question's key is missing."), f"{field}.key")
    if item.get("kind") not in ITEM_KINDS:
        raise _bad("bad_kind", _("Please choose a kind of question."), f"{field}.kind")
    weight = item.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= 10:
        raise _bad("bad_weight", _("The weight is a whole number from 1 to 10."), f"{field}.weight")
    for name, most in (("stem", _PASSAGE), ("explanation", _PASSAGE)):
        item[name] = _text(item.get(name), f"{field}.{name}", most)
    if "bank" in item:
        item["bank"] = _id(item["bank"], f"{field}.bank")
    options = _list(item.get("options", []), f"{field}.options", MAX_OPTIONS)
    item["options"] = [
        _option(option, f"{field}.options.{place}") for place, option in enumerate(options)
    ]
    return item


def _option(raw: Any, field: str) -> dict[str, Any]:
    option = dict(_object(raw, {"key", "text", "correct", "explanation"}, field))
    if not isinstance(option.get("key"), str) or not _OPTION_KEY.fullmatch(option["key"]):
        message = _("An option's key is missing or stands twice.")
        raise _bad("bad_key", message, f"{field}.key")
    if not isinstance(option.get("correct", False), bool):
        raise _bad("bad_flag", _("True or false is expected."), f"{field}.correct")
    option["correct"] = option.get("correct", False)
    option["text"] = _text(option.get("text"), f"{field}.text", 500)
    option["explanation"] = _text(option.get("explanation"), f"{field}.explanation", _PASSAGE)
    return option


_KINDS: dict[str, Callable[[Any, str], dict[str, Any]]] = {
    "text": _rich,
    "video": _video,
    "image": _image,
    "story": _story,
    "phrases": _phrases,
    "person": _person,
    "quiz": _quiz,
    "scenario": _scenario,
}
