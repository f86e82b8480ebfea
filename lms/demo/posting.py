"""Quick posts of the last days: what the demo's people tell each other in the morning."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping

from django.db.models import Max

from courses.catalog.models import Block, Course, Module, ModuleVersion
from courses.posts.actions.posting import name_of_shelf
from courses.posts.models import Post, Shelf
from courses.posts.titling import document
from courses.progress.publishing import publish
from lms.demo import rows
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import Content, PostText
from lms.demo.media import Picture, Studio


def wanted_media(content: Content) -> Iterator[Picture]:
    """Return all pictures that the posts show."""
    for text in content.posts:
        if text.picture:
            yield Picture("pictures", text.picture, text.alt)


@dataclasses.dataclass(frozen=True)
class Mornings:
    """Writes the posts of a world. `people`: ids by key."""

    content: Content
    calendar: Calendar
    studio: Studio
    people: Mapping[str, uuid.UUID]
    seed: int

    def post(self) -> int:
        """Insert the posts' shelf and the posts, the oldest first; returns how many posts."""
        texts = sorted(self.content.posts, key=lambda text: -text.hours_ago)
        if not texts:
            return 0
        course = self._shelf(self._at(texts[0]))
        modules = [self._module(text, course, place) for place, text in enumerate(texts, start=1)]
        rows.insert(modules)
        pairs = list(zip(texts, modules, strict=True))
        rows.insert(block for text, module in pairs for block in self._blocks(text, module))
        for text, module in pairs:
            version = publish(module_id=module.pk, by=self.people[text.by]).version
            ModuleVersion.objects.filter(pk=version.pk).update(published_at=self._at(text))
        return rows.insert(self._post(text, module) for text, module in pairs)

    def _at(self, text: PostText) -> dt.datetime:
        return self.calendar.now - dt.timedelta(hours=text.hours_ago)

    def _shelf(self, begun: dt.datetime) -> Course:
        last = Course.objects.aggregate(last=Max("position"))["last"] or 0
        course = Course(
            id=uuid_at(stream(self.seed, "course", "posts"), begun),
            title=name_of_shelf(),
            summary="",
            position=last + 1,
            is_demo=True,
            created_at=begun,
        )
        rows.insert([course])
        Shelf.objects.update_or_create(pk=1, defaults={"course": course})
        return course

    def _module(self, text: PostText, course: Course, position: int) -> Module:
        at = self._at(text)
        return Module(
            id=uuid_at(stream(self.seed, "post", text.key), at),
            course_id=course.pk,
            title=text.title,
            summary="",
            minutes=1,
            language=self.content.language,
            position=position,
            form=Module.Form.POST,
            expires_at=at + dt.timedelta(days=text.days),
            is_demo=True,
            created_at=at,
        )

    def _blocks(self, text: PostText, module: Module) -> Iterator[Block]:
        rng = stream(self.seed, "post blocks", text.key)
        shown: list[tuple[str, dict[str, object]]] = [
            (Block.Kind.TEXT, {"doc": document(text.text)})
        ]
        asset = self._asset(text)
        if asset is not None:
            shown.insert(0, (Block.Kind.IMAGE, {"asset": str(asset), "alt": text.alt}))
        for place, (kind, data) in enumerate(shown):
            made = uuid_at(rng, self._at(text))
            yield Block(
                id=made,
                module_id=module.pk,
                key=made.hex[-8:],
                kind=kind,
                data=data,
                position=place,
            )

    def _post(self, text: PostText, module: Module) -> Post:
        at = self._at(text)
        return Post(
            id=uuid_at(stream(self.seed, "posted", text.key), at),
            module_id=module.pk,
            key=uuid_at(stream(self.seed, "post form", text.key), at),
            made_by=self.people[text.by],
            asset_id=self._asset(text),
            published_at=at,
        )

    def _asset(self, text: PostText) -> uuid.UUID | None:
        if not text.picture:
            return None
        return self.studio.asset(Picture("pictures", text.picture, text.alt)).pk
