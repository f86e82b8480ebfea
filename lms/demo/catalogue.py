"""The courses and modules of the demo: drafts with their media, published by the product's own door."""

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from courses.catalog import markdown
from courses.catalog.models import Block, Course, Module, ModuleVersion, Term
from courses.progress.publishing import publish
from courses.quizzes.models import Quiz, QuizVersion
from courses.quizzes.scoring import items_of
from lms.demo import rows, script, wording
from lms.demo.answering import question
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import Content, ModuleText
from lms.demo.learning import Material
from lms.demo.media import Picture, Studio, Video
from lms.demo.records import Published

_READING = {"ja": 7.0, "en": 15.0}
"""Letters read in a second."""


def materials(
    content: Content, calendar: Calendar, seed: int, lengths: Mapping[str, int]
) -> dict[str, Material]:
    """Return what learning needs to know of each module. `lengths`: its video's milliseconds."""
    return {
        module.key: Material(
            questions=tuple(
                question(seed, module.key, item, [option["key"] for option in raw["options"]])
                for item, raw in zip(items_of({"items": module.items}), module.items, strict=True)
            ),
            video_ms=lengths[module.key],
            reading_seconds=_reading_seconds(module, _READING[content.language]),
            published=script.published(module.key, calendar),
        )
        for module in content.modules
    }


def _reading_seconds(module: ModuleText, speed: float) -> int:
    texts = [data for kind in ("text", "story", "phrases") for data in module.data(kind)]
    values = (wording.unmarked(str(value)) for data in texts for value in data.values())
    return int(sum(map(len, values)) / speed)


def wanted_media(content: Content) -> Iterator[Video | Picture]:
    """Return all media that the modules name."""
    for module in content.modules:
        yield _cover(module)
        for block in module.blocks:
            media = _media_of(block["kind"], block["data"])
            if media is not None:
                yield media


def lengths(content: Content, studio: Studio) -> dict[str, int]:
    """Return the length of each module's video in milliseconds, by the module's key."""
    return {
        module.key: sum(
            studio.asset(_video(data)).duration_ms or 0 for data in module.data("video")
        )
        for module in content.modules
    }


def _cover(module: ModuleText) -> Picture:
    return Picture("pictures", f"{module.key}.webp", module.title)


def _media_of(kind: str, data: Mapping[str, Any]) -> Video | Picture | None:
    """Return the media that a block shows, if any."""
    if kind == "video":
        return _video(data)
    if kind == "image":
        return Picture("pictures", data["picture"], data["alt"])
    if kind in {"story", "person"} and data.get("face"):
        return Picture("faces", f"{data['face']}.webp", data["name"])
    return None


def _video(data: Mapping[str, Any]) -> Video:
    captions = tuple(sorted(data["captions"].items()))
    return Video(data["clip"], data["poster"], captions, data["title"])


@dataclasses.dataclass(frozen=True)
class Shelf:
    """Writes the catalogue of a world. `author` is who published it all."""

    content: Content
    calendar: Calendar
    studio: Studio
    author: uuid.UUID
    seed: int

    def fill(self) -> dict[str, Published]:
        """Insert courses and modules, publish them, and date them back. Returns their ids by key."""
        courses = {course.key: self._course(course.key) for course in self.content.courses}
        rows.insert(courses.values())
        rows.insert(self._terms())
        modules = {text.key: self._module(text, courses[text.course]) for text in self._in_order()}
        rows.insert(modules.values())
        rows.insert(self._blocks(modules))
        quizzes = {text.key: self._quiz(text, modules[text.key]) for text in self.content.modules}
        rows.insert(quizzes.values())
        return {key: self._publish(key, modules[key], quizzes[key]) for key in modules}

    def _in_order(self) -> Sequence[ModuleText]:
        return sorted(self.content.modules, key=lambda text: script.SCHEDULE[text.key])

    def _course(self, key: str) -> Course:
        text = next(each for each in self.content.courses if each.key == key)
        first = min(
            script.published(each.key, self.calendar)
            for each in self.content.modules
            if each.course == key
        )
        return Course(
            id=uuid_at(stream(self.seed, "course", key), first),
            title=text.title,
            summary=text.summary,
            position=text.position,
            is_demo=True,
            created_at=first,
        )

    def _terms(self) -> Iterator[Term]:
        first = min(script.published(each.key, self.calendar) for each in self.content.modules)
        for text in self.content.terms:
            yield Term(
                id=self._term_id(text.key),
                word=text.word,
                reading=text.reading,
                meaning=text.meaning,
                note=text.note,
                language=self.content.language,
                is_demo=True,
                created_at=first,
            )

    def _term_id(self, key: str) -> uuid.UUID:
        first = min(script.published(each.key, self.calendar) for each in self.content.modules)
        return uuid_at(stream(self.seed, "term", key), first)

    def _module(self, text: ModuleText, course: Course) -> Module:
        published = script.published(text.key, self.calendar)
        own = [each.key for each in self.content.modules if each.course == text.course]
        return Module(
            id=uuid_at(stream(self.seed, "module", text.key), published),
            course_id=course.pk,
            title=text.title,
            summary=text.summary,
            minutes=text.minutes,
            language=self.content.language,
            picture_id=self.studio.asset(_cover(text)).pk,
            position=own.index(text.key) + 1,
            is_demo=True,
            created_at=published,
        )

    def _blocks(self, modules: Mapping[str, Module]) -> Iterator[Block]:
        for text in self.content.modules:
            module = modules[text.key]
            rng = stream(self.seed, "blocks", text.key)
            for position, block in enumerate(text.blocks, start=1):
                yield Block(
                    id=uuid_at(rng, script.published(text.key, self.calendar)),
                    module_id=module.pk,
                    key=block["key"],
                    kind=block["kind"],
                    data=self._draft(block["kind"], block["data"]),
                    position=position,
                )

    def _draft(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Turn a block as it was written into a draft: Markdown into the editor's document, files into assets."""
        media = _media_of(kind, data)
        asset = str(self.studio.asset(media).pk) if media else None
        if kind == "text":
            doc = markdown.to_doc(data["markdown"])
            return {"doc": wording.marked(doc, lambda key: str(self._term_id(key)))}
        if kind == "video":
            return {"asset": asset, "title": data["title"]}
        if kind == "image":
            return {"asset": asset, "alt": data["alt"], "caption": data.get("caption", "")}
        if kind == "story":
            words = {name: value for name, value in data.items() if name != "face"}
            return words | {"picture": asset, "quote": data.get("quote", "")}
        if kind == "person":
            return {name: value for name, value in data.items() if name != "face"} | {
                "picture": asset
            }
        return dict(data)

    def _quiz(self, text: ModuleText, module: Module) -> Quiz:
        published = script.published(text.key, self.calendar)
        key = next(block["key"] for block in text.blocks if block["kind"] == "quiz")
        return Quiz(
            id=uuid_at(stream(self.seed, "quiz", text.key), published),
            module_id=module.pk,
            block_key=key,
            created_at=published,
        )

    def _publish(self, key: str, module: Module, quiz: Quiz) -> Published:
        """Publish a module as of the day on which it came out."""
        version = publish(module_id=module.pk, by=self.author).version
        published = script.published(key, self.calendar)
        ModuleVersion.objects.filter(pk=version.pk).update(published_at=published)
        questions = QuizVersion.objects.filter(quiz=quiz, module_version=version)
        questions.update(published_at=published)
        return Published(
            module_id=module.pk,
            course_id=module.course_id,
            quiz_id=quiz.pk,
            quiz_version_id=questions.get().pk,
            published=published,
        )
