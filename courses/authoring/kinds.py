"""The kinds of blocks as an author chooses them: name, what it is good for, symbol."""

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of block. Its template `authoring/blocks/<name>.html` holds the fields."""

    name: str
    label: Promise
    hint: Promise
    icon: str

    @property
    def template(self) -> str:
        """The template with this kind's fields."""
        return f"authoring/blocks/{self.name}.html"


KINDS = (
    Kind("text", _("Text"), _("Headings, lists, links, tables, quotes"), "edit"),
    Kind("image", _("Picture"), _("With words for those who can't see it"), "image"),
    Kind("video", _("Video"), _("With captions"), "video"),
    Kind("story", _("Story"), _("Before, turning point, after"), "voice"),
    Kind("phrases", _("Words to use"), _("Sentences to say at the customer's"), "quote"),
    Kind("person", _("Key person"), _("Whom to ask about what"), "person"),
    Kind("quiz", _("Quiz"), _("Questions with a why"), "check-circle"),
)

BY_NAME = {kind.name: kind for kind in KINDS}
