"""What changed between two scenarios, in words: what was added, says something else, goes elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.authoring import differences
from courses.authoring.differences import ADDED, CHANGED, REMOVED, Line
from courses.authoring.scenarios import words
from courses.authoring.scenarios.naming import Names, short
from courses.scenarios.document import Choice, Document, Explanation, Scene, Settings

_TEXTS = ("title", "chapter", "speaker", "text", "alt", "message")
_PICKED = ("mood", "face", "picture", "video", "limit", "outcome", "score", "kind")
_SAID = ("why", "thinking", "words", "name", "transcript")


@dataclass(frozen=True)
class Part:
    """One thing that changed: a sentence, and the words before and after where it is about words."""

    label: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Group:
    """What changed in one place: the scenario as a whole, a scene, an ending."""

    key: str
    name: str
    state: str
    parts: Sequence[Part]


def between(old: Document, new: Document) -> list[Group]:
    """Return what became different, the whole first, then scene by scene in the new order, then what is gone."""
    return list(_Comparison(old, new).groups())


class _Comparison:
    """Two scenarios with the names of their scenes."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.before, self.after = Names(old), Names(new)

    def groups(self) -> Iterator[Group]:
        whole = [*self._whole(), *self._variables()]
        if whole:
            yield Group("", _("The scenario"), CHANGED, whole)
        for scene in self.new.scenes:
            was = self.old.by_key.get(scene.key)
            name = self.after.scene(scene.key)
            if was is None:
                yield Group(scene.key, name, ADDED, list(self._all_of(scene)))
            elif parts := [*self._scene(was, scene), *self._why(scene.key, "")]:
                yield Group(scene.key, name, CHANGED, parts)
        for scene in self.old.scenes:
            if scene.key not in self.new.by_key:
                lines = _compared(scene.message or scene.text, "")
                yield Group("", self.before.scene(scene.key), REMOVED, [Part("", lines)])

    def _whole(self) -> Iterator[Part]:
        for name in ("title", "summary", "language"):
            yield from _words(words.field(name), getattr(self.old, name), getattr(self.new, name))
        if self.old.start != self.new.start:
            places = self.before.scene(self.old.start), self.after.scene(self.new.start)
            yield from _picked(words.field("start"), *places)
        for name in ("mode", "points", "back", "pass_mark"):
            pair = (_setting(each.settings, name) for each in (self.old, self.new))
            label = _("Which points count") if name == "points" else words.field(name)
            yield from _picked(label, *pair)
        stayed = [each.key for each in self.old.scenes if each.key in self.new.by_key]
        if stayed != [each.key for each in self.new.scenes if each.key in self.old.by_key]:
            yield Part(_("The scenes stand in another order."))

    def _variables(self) -> Iterator[Part]:
        old, new = self.old.variable, self.new.variable
        for key, variable in new.items():
            if key not in old:
                yield Part(_("New variable: %(name)s") % {"name": variable.name})
            elif old[key] != variable:
                yield Part(_("Variable changed: %(name)s") % {"name": variable.name})
        for key, variable in old.items():
            if key not in new:
                yield Part(_("Variable removed: %(name)s") % {"name": variable.name})

    def _all_of(self, scene: Scene) -> Iterator[Part]:
        yield from _words("", "", scene.message or scene.text)
        for choice in scene.choices:
            yield self._added(choice)

    def _added(self, choice: Choice) -> Part:
        named = {"choice": short(choice.text, 60), "to": self.after.scene(choice.to) or "…"}
        return Part(_("New choice “%(choice)s”, goes to: %(to)s") % named)

    def _scene(self, was: Scene, now: Scene) -> Iterator[Part]:
        for name in _TEXTS:
            yield from _words(words.field(name), getattr(was, name), getattr(now, name))
        for name in _PICKED:
            if getattr(was, name) != getattr(now, name):
                yield from self._field(name, was, now)
        if was.parked != now.parked:
            yield Part(_("Put on the shelf.") if now.parked else _("Taken back from the shelf."))
        old = {each.key: each for each in was.choices}
        for choice in now.choices:
            before = old.pop(choice.key, None)
            if before is None:
                yield self._added(choice)
            else:
                yield from self._choice(before, choice)
            yield from self._why(choice.key, short(choice.text, 60))
        for gone in old.values():
            yield Part(_("Choice removed: “%(choice)s”") % {"choice": short(gone.text, 60)})
        kept = [each.key for each in was.choices if each.key not in old]
        if kept != [each.key for each in now.choices if each.key in kept]:
            yield Part(_("The choices stand in another order."))

    def _field(self, name: str, was: Scene, now: Scene) -> Iterator[Part]:
        if name in {"face", "picture", "video"}:
            label = words.field(name)
            yield Part(_("Another file: %(field)s") % {"field": label})
        elif name == "limit":
            seconds = [each.limit.seconds if each.limit else "–" for each in (was, now)]
            yield from _picked(words.field("seconds"), *map(str, seconds))
            late = (
                names.scene(each.limit.to) if each.limit else ""
                for names, each in ((self.before, was), (self.after, now))
            )
            yield from _picked(words.field("late"), *late)
        else:
            shown = [_option(name, getattr(each, name)) for each in (was, now)]
            yield from _picked(words.field(name), *shown)

    def _choice(self, was: Choice, now: Choice) -> Iterator[Part]:
        said = {"choice": short(now.text, 60)}
        for name in ("text", "reaction"):
            label = _("Choice") if name == "text" else words.field(name)
            yield from _words(label, getattr(was, name), getattr(now, name))
        if was.to != now.to:
            places = {
                "was": self.before.scene(was.to) or _("nowhere"),
                "now": self.after.scene(now.to) or _("nowhere"),
            }
            yield Part(
                _("“%(choice)s” goes elsewhere: %(now)s instead of %(was)s") % {**said, **places}
            )
        if was.points != now.points:
            points = {"was": was.points, "now": now.points}
            yield Part(_("“%(choice)s”: %(now)s points instead of %(was)s") % {**said, **points})
        if was.quality != now.quality:
            shown = {
                n: _option("quality", q) for n, q in (("was", was.quality), ("now", now.quality))
            }
            yield Part(_("“%(choice)s”: %(now)s instead of %(was)s") % {**said, **shown})
        for name, sentence in (
            ("condition", _("“%(choice)s” is offered under another condition.")),
            ("effects", _("“%(choice)s” changes variables in another way.")),
            ("skills", _("“%(choice)s” exercises other skills.")),
            ("routes", _("“%(choice)s” goes other ways by condition.")),
        ):
            if getattr(was, name) != getattr(now, name):
                yield Part(sentence % said)

    def _why(self, key: str, choice: str) -> Iterator[Part]:
        was = self.old.explanations.get(key, Explanation())
        now = self.new.explanations.get(key, Explanation())
        for name in _SAID:
            label = words.field(name) if name != "name" else _("The ace")
            label = f"{label} (“{choice}”)" if choice else label
            yield from _words(label, getattr(was, name), getattr(now, name))
        if was.ace != now.ace and was.name == now.name:
            yield Part(_("The ace's picture is another one."))
        if was.video != now.video:
            yield Part(
                _("The ace's video is another one.") if now.video else _("The ace's video is gone.")
            )


def _words(label: str, was: str, now: str) -> Iterator[Part]:
    if was != now:
        yield Part(label, _compared(was, now))


def _compared(was: str, now: str) -> Sequence[Line]:
    return differences.compared(was.split("\n") if was else [], now.split("\n") if now else [])


def _picked(label: str, was: str, now: str) -> Iterator[Part]:
    if was != now:
        said = {"field": label, "was": was or "–", "now": now or "–"}
        yield Part(_("%(field)s: %(now)s instead of %(was)s") % said)


_OPTIONS = {
    "quality": words.QUALITIES,
    "mood": words.MOODS,
    "outcome": words.OUTCOMES,
    "mode": words.MODES,
    "points": words.POINTS,
    "back": words.BACK,
}


def _option(name: str, value: object) -> str:
    """Return a picked value as its form calls it."""
    if name == "kind":
        return _("Ending") if value == "ending" else _("Scene")
    return str(dict(_OPTIONS.get(name, ())).get(str(value), "–" if value is None else value))


def _setting(settings: Settings, name: str) -> str:
    return _option(name, getattr(settings, name))
