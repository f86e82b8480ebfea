"""Words of quick posts: audiences, how long they last, states, notices."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import inner

OUT, FAILED, FAILED_WORDS = "posts.out", "posts.failed", "posts.failed_words"

AUDIENCES: dict[str, Promise] = {
    "everybody": gettext_lazy("Everybody"),
    "client": gettext_lazy("Our own people"),
    "chosen": gettext_lazy("Chosen partners"),
}

LASTS: dict[str, Promise] = {
    "3": gettext_lazy("3 days"),
    "7": gettext_lazy("1 week"),
    "30": gettext_lazy("1 month"),
    "0": gettext_lazy("No end"),
}
"""How long a post is shown, in days as a form sends them; 0 is for good."""

STATES: dict[str, tuple[Promise, str, str]] = {
    "preparing": (gettext_lazy("Published, video on its way"), "", "clock"),
    "failed": (gettext_lazy("The video can't be shown"), "bad", "alert"),
    "published": (gettext_lazy("Published"), "ok", "check-circle"),
    "expired": (gettext_lazy("Over"), "", "clock"),
    "archived": (gettext_lazy("Taken back"), "", "archive"),
}
"""How each state reads: word, tone and symbol of its chip."""


OBSTACLES: dict[str, Promise] = {
    "failed": gettext_lazy(
        "Its video can't be shown, so there is nothing to correct. Please take it once more."
    ),
    "archived": gettext_lazy(
        "This post was taken back. It can be corrected once whoever posted it lets it be seen again."
    ),
    "expired": gettext_lazy(
        "This post is over. It can be corrected once whoever posted it shows it longer."
    ),
    "draft": gettext_lazy(
        "In the editor there is a draft of this post that isn't published yet. Once it is published or taken back,"
        " the post can be corrected here."
    ),
    "editor": gettext_lazy(
        "This post was worked on in the editor and says more than a title and plain words. It is corrected there."
    ),
}
"""Why a post can't be corrected on its page."""


def _named(data: dict[str, Any]) -> dict[str, str]:
    return {"title": inner(data["title"])}


def out_notice(data: dict[str, Any]) -> str:
    """Say that a post's video is there."""
    return _("The video of “%(title)s” is ready. Everybody can watch it now.") % _named(data)


def failed_notice(data: dict[str, Any]) -> str:
    """Say that a post without words was taken back, as its video can't be shown."""
    words = _("“%(title)s” was taken back: its video can't be shown. Please take it once more.")
    return words % _named(data)


def failed_words_notice(data: dict[str, Any]) -> str:
    """Say that a post stands with its words only."""
    return _("The video of “%(title)s” can't be shown. Your words stay published.") % _named(data)
