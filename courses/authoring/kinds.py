"""The kinds of blocks as an author chooses them: name, what it is good for, symbol."""

import dataclasses

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of block. Its template `authoring/blocks/<name>.html` holds the fields.

    `also`: what else it is looked for by in the slash menu, in all languages.
    """

    name: str
    label: Promise
    hint: Promise
    icon: str
    also: str = ""

    @property
    def template(self) -> str:
        """The template with this kind's fields."""
        return f"authoring/blocks/{self.name}.html"

    @property
    def script(self) -> str:
        """The address of this kind's module, empty where it has none: then it is shown and not changed."""
        path = f"authoring/blocks/{self.name}.js"
        return static(path) if finders.find(path) else ""


KINDS = (
    Kind(
        "text",
        _("Text"),
        _("Headings, lists, links, tables, quotes"),
        "edit",
        "text 本文 文章 ほんぶん",
    ),
    Kind(
        "image",
        _("Picture"),
        _("With words for those who can't see it"),
        "image",
        "image picture photo 写真 画像 しゃしん がぞう",
    ),
    Kind("video", _("Video"), _("With captions"), "video", "video movie 動画 どうが"),
    Kind(
        "story",
        _("Story"),
        _("Before, turning point, after"),
        "voice",
        "story voice お客様の声 物語 ものがたり",
    ),
    Kind(
        "phrases",
        _("Words to use"),
        _("Sentences to say at the customer's"),
        "quote",
        "phrases say 言い方 フレーズ いいかた",
    ),
    Kind(
        "person",
        _("Key person"),
        _("Whom to ask about what"),
        "person",
        "person key 人 キーパーソン",
    ),
    Kind(
        "quiz",
        _("Quiz"),
        _("Questions with a why"),
        "check-circle",
        "quiz test question クイズ 問題 もんだい",
    ),
    Kind(
        "scenario",
        _("Scenario"),
        _("A conversation with choices"),
        "voice",
        "scenario branching シナリオ 会話 かいわ",
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}
