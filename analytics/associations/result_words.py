"""What a report was doubted and refused for, in words: as the command line says it."""

from typing import Any

from django.utils.translation import gettext as _

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
    """Return every doubt and refusal (or those of one kind) once; results of older rules have none."""
    called = names(question)
    told = [each for each in result.get("findings", ()) if kind in {"", each["kind"]}]
    return list(dict.fromkeys(telling.finding(each, called) for each in told))
