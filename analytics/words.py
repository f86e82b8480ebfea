"""Progress in words: how late, how long ago, why to talk to somebody."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from analytics.figures import Share
from analytics.queries.members import Member
from analytics.queries.team import Word
from analytics.talk import Why
from core.words import inner
from core.words import share as written_share

REMARKS = {
    "reversed": gettext_lazy(
        "Those who know the rest answer this one wrongly more often. Please check the right answer and the wording."
    ),
    "lured": gettext_lazy(
        "More people chose one wrong answer than the right one. What leads them there is worth a lesson, or the wording"
        " misleads."
    ),
    "blunt": gettext_lazy(
        "It hardly tells those who know the rest from the others. Perhaps it asks something else, or can be guessed."
    ),
    "known": gettext_lazy("Nearly everybody knows it. As a reminder it's fine; it tells nothing."),
    "unused": gettext_lazy(
        "Nobody chose one of the wrong answers. Another one, that sounds possible, would make it a question."
    ),
}
"""What is worth a look about a question, see `questions.Question.remarks`."""

SOON_DAYS = 3
"""What is due within so many days is shown as pressing."""


def remark(name: str) -> str:
    """Say what is worth a look about a question."""
    return str(REMARKS[name])


def ago(days: int | None) -> str:
    """Say how many days ago something was; None is never."""
    if days is None:
        return pgettext("last learning", "Not yet")
    if days <= 0:
        return pgettext("last learning", "Today")
    if days == 1:
        return pgettext("last learning", "Yesterday")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def share(found: Share) -> str:
    """Write a share in percent; a dash of nobody."""
    return written_share(found.part, found.whole, found.target) if found.whole else "–"


def due(member: Member, today: dt.date) -> tuple[str, list[str]]:
    """Return the tone and words of a person's due date; a line may end between the parts, and nowhere else."""
    if not member.required.whole:
        return "", [_("Nothing required")]
    if not member.left:
        return "ok", [pgettext("required modules", "Finished")]
    if member.overdue:
        days = ngettext("%(n)s day late", "%(n)s days late", member.overdue)
        return "bad", [days % {"n": member.overdue}]
    left = ngettext("%(n)s left", "%(n)s left", member.left) % {"n": member.left}
    if member.due_on and (member.due_on - today).days <= SOON_DAYS:
        day = date_format(member.due_on, "MONTH_DAY_FORMAT")
        one = member.left == 1
        until = pgettext("due", "by %(day)s") if one else pgettext("due", "next %(day)s")
        return "warn", [pgettext("due", "%(left)s, ") % {"left": left}, until % {"day": day}]
    return "primary", [left]


def reason(word: Word) -> str:
    """Say why to talk to somebody today."""
    why, days, silent = word.reason.why, word.reason.days, word.reason.silent
    if why == Why.STUCK:
        return _("“%(module)s” tried %(n)s times. Ask where it gets stuck") % {
            "module": inner(word.module),
            "n": days,
        }
    if why == Why.SILENT:
        return ngettext(
            "No learning for %(n)s day, after having learnt before",
            "No learning for %(n)s days, after having learnt before",
            days,
        ) % {"n": days}
    if why == Why.NEW:
        return _("Hasn't begun to learn yet. A first word may help")
    late = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
    if silent:
        quiet = ngettext("no learning for %(n)s day", "no learning for %(n)s days", silent)
        return _("%(late)s, %(quiet)s") % {"late": late, "quiet": quiet % {"n": silent}}
    return late
