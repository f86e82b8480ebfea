"""The words of the desk: what can be picked, and what fields are called."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Options = Sequence[tuple[str, Promise]]

QUALITIES: Options = (
    ("best", _("The best")),
    ("ok", _("Passable")),
    ("poor", _("Better avoided")),
)
MOODS: Options = (
    ("neutral", _("Calm")),
    ("friendly", _("Friendly")),
    ("interested", _("Interested")),
    ("doubtful", _("Thinking it over")),
    ("worried", _("Worried")),
    ("annoyed", _("Annoyed")),
    ("angry", _("Angry")),
)
OUTCOMES: Options = (
    ("success", _("Success")),
    ("partial", _("Partial success")),
    ("fail", _("Failure")),
    ("neutral", _("Neither")),
)
ICONS = {"success": "check-circle", "partial": "again", "fail": "x", "neutral": "minus"}
"""The symbol of an ending, by its outcome."""

COUNTS: Options = (
    (">=", _("is at least")),
    ("<=", _("is at most")),
    ("=", _("is exactly")),
    ("!=", _("is not")),
    (">", _("is more than")),
    ("<", _("is less than")),
)
EQUALS: Options = (("=", _("is")), ("!=", _("is not")))
HOLDS: Options = (("yes", _("is so")), ("no", _("is not so")))
EFFECTS: Options = (
    ("add", _("raise by")),
    ("sub", _("lower by")),
    ("set", _("set to")),
)
BECOMES: Options = (("yes", _("becomes yes")), ("no", _("becomes no")))
SETS: Options = (("set", _("set to")),)
JOINS: Options = (("all", _("All of these")), ("any", _("Any of these")))
KINDS: Options = (
    ("int", _("A number")),
    ("bool", _("Yes or no")),
    ("enum", _("One word of a list")),
)
MODES: Options = (
    ("practice", _("Practice: again as often as one likes")),
    ("exam", _("Exam: online, it counts")),
)
POINTS: Options = (
    ("first", _("The first answer counts")),
    ("last", _("The last answer counts")),
    ("best", _("The best answer counts")),
)
BACK: Options = (
    ("none", _("Not at all")),
    ("look", _("To look only")),
    ("rewind", _("To choose anew")),
)
YES_NO: Options = (("no", _("No")), ("yes", _("Yes")))

FIELDS = {
    "title": pgettext_lazy("of a scene", "Name"),
    "chapter": _("Chapter"),
    "speaker": _("Who speaks"),
    "mood": _("Mood"),
    "face": _("Face"),
    "text": _("Line"),
    "picture": _("Picture"),
    "alt": _("What the picture shows"),
    "video": _("Video"),
    "seconds": _("Seconds to choose"),
    "late": _("When the time is over"),
    "outcome": _("Outcome"),
    "score": _("Score in percent"),
    "message": _("Message"),
    "reaction": _("What the customer does then"),
    "quality": _("How good it is"),
    "points": _("Points"),
    "to": _("Goes to"),
    "skills": _("Skills"),
    "when": _("Offered if"),
    "effects": _("What it does"),
    "routes": _("Ways by condition"),
    "name": _("Name"),
    "ace": _("The ace"),
    "why": _("Why"),
    "thinking": _("How I would think"),
    "words": _("Words to use"),
    "transcript": _("Transcript"),
    "summary": _("Summary"),
    "language": _("Language"),
    "start": _("First scene"),
    "mode": _("How it is played"),
    "back": _("Going back"),
    "pass_mark": _("Pass mark in percent"),
    "kind": _("Kind"),
    "initial": _("At the start"),
    "low": _("Lowest"),
    "high": _("Highest"),
    "skill": _("A skill"),
}


COLUMNS = {
    "scene": _("Scene"),
    "speaker": FIELDS["speaker"],
    "text": FIELDS["text"],
    "choice": _("Choice"),
    "to": FIELDS["to"],
    "points": FIELDS["points"],
    "best": FIELDS["quality"],
    "reaction": FIELDS["reaction"],
    "why": FIELDS["why"],
    "outcome": FIELDS["outcome"],
}
"""What the columns of a table are called: as the fields of the form that they fill."""


def field(name: str) -> str:
    """Return what a field of the form is called."""
    last = name.split(":")[2 if name.count(":") > 1 else -1]
    return str(FIELDS.get(last, last))
