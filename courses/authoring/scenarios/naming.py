"""How scenes and choices are called on the authors' pages: by a number and their first words."""

import unicodedata
from collections.abc import Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from courses.scenarios.document import Document, Scene


def short(text: str, most: int) -> str:
    """Return the first line of a text, cut to a width in halves of a full letter."""
    line, width = text.strip().split("\n", 1)[0], 0
    for place, letter in enumerate(line):
        width += 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
        if width > most:
            return line[: max(place - 1, 1)].rstrip() + "…"
    return line


class Names:
    """The names of one scenario. Numbers are the places of the outline, without endings and the shelf."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each scene that isn't an ending nor on the shelf."""
        scenes = (each for each in self.document.scenes if not each.is_ending and not each.parked)
        return {scene.key: place for place, scene in enumerate(scenes, start=1)}

    def words(self, scene: Scene, most: int = 40) -> str:
        """Return what a scene is called: its title, else the first words of it."""
        said = short(scene.title, most) or short(scene.message or scene.text, most)
        return said or (_("New ending") if scene.is_ending else _("New scene"))

    def scene(self, key: str | None, most: int = 40) -> str:
        """Return a scene's number and name; empty where it is not there."""
        scene = self.document.by_key.get(key or "")
        if scene is None:
            return ""
        number = self.number.get(scene.key)
        words = self.words(scene, most)
        return f"{number} {words}" if number else words

    def place(self, scene: str, choice: str = "") -> str:
        """Return where something is: `Scene 3, choice 1`; the whole scenario where nothing is named."""
        if scene not in self.document.by_key:
            return _("The scenario")
        here = self.document.by_key[scene]
        number = self.number.get(scene)
        said = _("Scene %(number)d") % {"number": number} if number else self.words(here, 24)
        keys = [each.key for each in here.choices]
        if choice in keys:
            where = {"scene": said, "number": keys.index(choice) + 1}
            return _("%(scene)s, choice %(number)d") % where
        return said
