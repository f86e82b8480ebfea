"""What a report was doubted and refused for, in words: as the command line says it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.associations import telling, words
from analytics.associations.question import Question


def names(question: Question) -> dict[str, str]:
    """Return how the columns of a report are called."""
    return {
        "learning": str(words.LEARNING[question.learning]),
        "sales": str(words.SALES[question.sales]),
        "tenure": _("Time since joining"),
    }


def findings(question: Question, result: dict[str, Any], kind: str = "") -> list[str]:
    """Return every doubt and refusal (or those of one kind) once; none of nobody, and of results of older rules.

    Of no rows at all anything is true: that they are equal, that all of them are missing.
    """
    if result.get("reps") == 0:
        return []
    called = names(question)
    told = [each for each in result.get("findings", ()) if kind in {"", each["kind"]}]
    texts = [telling.finding(each, called) for each in told]
    if kind != "refusal" and result.get("apart"):
        texts.append(_apart(result["apart"]))
    return list(dict.fromkeys(texts))


def _apart(n: int) -> str:
    return ngettext(
        "%(n)s company isn't drawn or listed: with another report of these months, figures of fewer than 5 people"
        " could be worked out by subtraction.",
        "%(n)s companies aren't drawn or listed: with another report of these months, figures of fewer than 5 people"
        " could be worked out by subtraction.",
        n,
    ) % {"n": n}
