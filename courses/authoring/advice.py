"""What is wrong with a draft (`problems` keep it back) and what could be better (`warnings` don't)."""

import dataclasses
import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.authoring.documents import Document
from courses.catalog import plainwords
from courses.catalog.blocks import Problem, RawBlock, check, left_over, left_overs
from courses.catalog.plainwords import Known

if TYPE_CHECKING:
    from courses.authoring.queries.media import Media

_READY = "ready"
_LONG = 10
_WORDS = 12
"""So many words that may need explaining are named at once: more would not be read."""

_LANGUAGES = {"ja": "日本語", "en": "English"}


@dataclasses.dataclass(frozen=True)
class Note:
    """What could be better, in the reader's language. `code` is stable."""

    block: str
    field: str
    code: str
    message: str


def problems(document: Document, media: "Mapping[uuid.UUID, Media]") -> list[Problem]:
    """Return all that must be mended before the draft can be published, in the order of its blocks."""
    found: list[Problem] = []
    if not document.title.strip():
        found.append(Problem("", "title", _("Please give it a title.")))
    if not document.blocks:
        found.append(Problem("", "blocks", _("A module needs at least one block.")))
    found += check(document.blocks)
    known = {(problem.block, problem.field) for problem in found}
    more = itertools.chain(_files(document, media), _left_overs(document))
    found += [each for each in more if (each.block, each.field) not in known]
    place = {block.key: number for number, block in enumerate(document.blocks)}
    return sorted(found, key=lambda each: place.get(each.block, -1))


def _left_overs(document: Document) -> Iterator[Problem]:
    for field, text in (("title", document.title), ("summary", document.summary)):
        if message := left_over(text):
            yield Problem("", field, message)
    yield from left_overs(document.blocks)


def _files(document: Document, media: "Mapping[uuid.UUID, Media]") -> Iterator[Problem]:
    if document.picture_id and document.picture_id not in media:
        yield Problem("", "picture", _("This file is gone. Please choose another."))
    for block in document.blocks:
        for field in ("asset", "picture"):
            named = block.data.get(field)
            if not named:
                continue
            file = media.get(uuid.UUID(named))
            wanted = "video" if block.kind == "video" else "image"
            if file is None or file.kind != wanted:
                yield Problem(block.key, field, _("This file is gone. Please choose another."))
            elif file.state == "failed":
                yield Problem(block.key, field, file.error or _("This file can't be used."))
            elif file.state != _READY:
                yield Problem(
                    block.key,
                    field,
                    _("This file is not ready yet. Please wait, or choose another."),
                )


def warnings(
    document: Document, media: "Mapping[uuid.UUID, Media]", terms: Iterable[Known] = ()
) -> list[Note]:
    """Return what could be better; `terms` is the glossary of its language. Nothing of it keeps the draft back."""
    found: list[Note] = []
    if not document.summary.strip():
        found.append(
            Note("", "summary", "no_summary", _("Without a line about it, few will open it."))
        )
    if document.minutes > _LONG:
        found.append(
            Note(
                "",
                "minutes",
                "long",
                _("More than ten minutes are rarely finished. Two short modules work better."),
            )
        )
    kinds = {block.kind for block in document.blocks}
    if document.blocks and not kinds & {"quiz", "scenario"}:
        found.append(
            Note("", "blocks", "no_quiz", _("Without a quiz nobody can finish or earn anything."))
        )
    for block in document.blocks:
        found += _ADVISERS.get(block.kind, _nothing)(block, document, media)
    unexplained = plainwords.warnings(document.blocks, terms)[:_WORDS]
    return found + [
        Note(each.block, "", "unexplained", f"{each.word}{_(': ')}{each.hint}")
        for each in unexplained
    ]


def _nothing(*_args: Any) -> list[Note]:
    return []


def _video(block: RawBlock, document: Document, media: "Mapping[uuid.UUID, Media]") -> list[Note]:
    asset = block.data.get("asset")
    file = media.get(uuid.UUID(asset)) if asset else None
    if file is None or document.language in file.captions:
        return []
    message = _("This video has no captions in %(language)s. Many watch without sound.") % {
        "language": _LANGUAGES.get(document.language, document.language)
    }
    return [Note(block.key, "asset", "no_captions", message)]


def _text(block: RawBlock, *_args: Any) -> list[Note]:
    doc = block.data.get("doc") or {}
    lost = [href for href in _links(doc) if not urlsplit(href).scheme]
    if lost:
        message = _("“%(address)s” is not a whole address, so it won't be a link.") % {
            "address": lost[0][:60]
        }
        return [Note(block.key, "doc", "half_link", message)]
    return []


def _links(node: Mapping[str, Any]) -> Iterator[str]:
    for mark in node.get("marks") or []:
        if mark.get("type") == "link":
            yield str((mark.get("attrs") or {}).get("href", ""))
    for child in node.get("content") or []:
        yield from _links(child)


def _says_why(item: Mapping[str, Any]) -> bool:
    """Say whether a question is explained as a whole, or by its right options: everybody reads theirs afterwards."""
    right = [option for option in item.get("options") or [] if option.get("correct")]
    return bool(item.get("explanation")) or (
        bool(right) and all(option.get("explanation") for option in right)
    )


def _quiz(block: RawBlock, *_args: Any) -> list[Note]:
    silent = [item for item in block.data.get("items") or [] if not _says_why(item)]
    if not silent:
        return []
    count = len(silent)
    message = ngettext(
        "%(n)d question says no why. The why is what people remember.",
        "%(n)d questions say no why. The why is what people remember.",
        count,
    ) % {"n": count}
    return [Note(block.key, "items", "no_why", message)]


_ADVISERS = {"video": _video, "text": _text, "quiz": _quiz}


def as_json(found: Iterable[Problem | Note]) -> list[dict[str, str]]:
    """Return problems or warnings as they travel to the editor."""
    return [dataclasses.asdict(each) for each in found]
