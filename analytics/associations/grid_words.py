"""The grid in words: grade D, so its verbs are those of `words`."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from analytics.associations import measures, words
from analytics.associations.models import Cell, Grid, MonthRevision
from analytics.associations.question import Question
from core.words import between, month
from sales import words as sales_words

LEVEL = 0.05
"""A cell is marked where q, corrected for all looks, is below."""

LEARNT: dict[str, Promise] = {
    "finished": pgettext_lazy("figure", "modules finished"),
    "scored": pgettext_lazy("figure", "first scores"),
    "score": pgettext_lazy("figure", "first scores"),
    "seconds": pgettext_lazy("figure", "minutes learned"),
    "asked": pgettext_lazy("figure", "required learning"),
    "done": pgettext_lazy("figure", "required learning"),
}


def is_marked(cell: Cell) -> bool:
    """Say whether a cell survives the correction for having looked so often."""
    return cell.q is not None and cell.q < LEVEL


def question(grid: Grid, cell: Cell, *, place: uuid.UUID | None = None) -> Question:
    """Return what a cell answers, as a report is asked for it."""
    return Question(
        since=grid.since,
        until=grid.until,
        lag=grid.lag,
        learning=cell.learning,
        sales=cell.sales,
        currency=cell.currency,
        organisation_id=place,
    )


def answer(grid: Grid, cells: Sequence[Cell]) -> str:
    """Say in one sentence what stands out most, or that nothing does."""
    said = [cell for cell in cells if not cell.reason]
    if not said:
        return _("Not enough data to answer yet")
    marked = [cell for cell in said if is_marked(cell)]
    if not marked:
        return _("For none of these pairs is it clear whether one is associated with the other.")
    best = max(marked, key=lambda cell: abs(cell.value or 0))
    headline = "within" if grid.partners > 1 else "pooled"
    result = {"headline": headline, headline: [best.value, best.low, best.high]}
    return words.sentence(question(grid, best), result)


def looked(grid: Grid, marked: int) -> str:
    """Say how often was looked, how many pairs stand out, and how many luck alone would show."""
    if not grid.tested:
        return ""
    return ngettext(
        "%(marked)s of %(n)s pair stands out after the correction for looking at so many; without it, luck alone"
        " would show about %(luck)s.",
        "%(marked)s of %(n)s pairs stand out after the correction for looking at so many; without it, luck alone"
        " would show about %(luck)s.",
        grid.tested,
    ) % {"marked": marked, "n": grid.tested, "luck": f"{LEVEL * grid.tested:.1f}"}


def stands_on(grid: Grid) -> str:
    """Say what all of it stands on."""
    found = _(
        "%(reps)s with figures in this period, %(partners)s; sales of %(sales)s, learning of %(learning)s, %(lag)s;"
        " %(missing)s%% missing."
    )
    graded = _(
        "%(reps)s with figures in this period, %(partners)s; sales of %(sales)s, learning of %(learning)s, %(lag)s;"
        " %(missing)s%% missing; evidence grade D."
    )
    return (graded if grid.tested else found) % {
        "reps": words.reps(grid.reps),
        "partners": words.companies(grid.partners),
        "sales": words.months(grid.since, grid.until),
        "learning": words.months(*learning_months(grid)),
        "lag": words.lag(grid.lag),
        "missing": missing(grid),
    }


def learning_months(grid: Grid) -> tuple[dt.date, dt.date]:
    """Return the first month of learning, and the one after the last."""
    asked = Question(since=grid.since, until=grid.until, lag=grid.lag)
    return asked.learning_since, asked.learning_until


def missing(grid: Grid) -> str:
    """Return how many percent of the people have no sales."""
    return words.missing({"people": grid.people, "reps": grid.reps})


def pair(cell: Cell) -> str:
    """Name a cell's two measures."""
    return f"{words.LEARNING[cell.learning]} → {sales(cell.sales, cell.currency)}"


def sales(measure: str, currency: str) -> str:
    """Name a measure of sales with its currency."""
    return f"{words.SALES[measure]} ({currency})" if currency else str(words.SALES[measure])


def interval(cell: Cell) -> str:
    """Say a cell's interval; empty where it has none."""
    if cell.low is None or cell.high is None:
        return ""
    return between(words.signed(cell.low), words.signed(cell.high), wide=True)


def reason(cell: Cell) -> str:
    """Say in a word why a cell says nothing."""
    return str(_("all alike") if cell.reason != measures.FEW else _("too few"))


def q(cell: Cell) -> str:
    """Say a cell's q."""
    if cell.q is None:
        return ""
    return "< 0.001" if cell.q < 0.001 else f"{cell.q:.3f}"


def one_of(cell: Cell | None) -> str:
    """Say of how many pairs a report's is one, and what is left of it after the correction; empty where it is none."""
    if cell is None or cell.reason:
        return ""
    return ngettext(
        "This is %(n)s pair that is looked at every night; corrected for that, q is %(q)s.",
        "This is one of %(n)s pairs that are looked at every night; corrected for that, q is %(q)s.",
        cell.grid.tested,
    ) % {"n": cell.grid.tested, "q": q(cell)}


def spoken(cell: Cell) -> str:
    """Say a cell for whoever hears it."""
    if cell.reason:
        return f"{pair(cell)}: {reason(cell)}"
    said = f"{pair(cell)}: {words.signed(cell.value or 0.0)} ({interval(cell)})"
    return _("%(said)s, marked") % {"said": said} if is_marked(cell) else said


def told_late(revisions: Iterable[MonthRevision]) -> list[str]:
    """Say, month by month, what was changed after the month was frozen."""
    by_month: dict[tuple[dt.date, int], list[MonthRevision]] = {}
    for each in revisions:
        by_month.setdefault((each.month_id, each.revision), []).append(each)
    return [
        ngettext(
            "%(month)s: %(n)s row changed after the month was frozen (%(figures)s); revision %(revision)s.",
            "%(month)s: %(n)s rows changed after the month was frozen (%(figures)s); revision %(revision)s.",
            sum(each.rows for each in told),
        )
        % {
            "month": month(key),
            "n": sum(each.rows for each in told),
            "figures": figures(name for each in told for name in each.figures),
            "revision": revision,
        }
        for (key, revision), told in by_month.items()
    ]


def figures(names: Iterable[str]) -> str:
    """Name figures of the table of months, each once."""
    found: dict[str, None] = {}
    for name in names:
        label = LEARNT.get(name) or sales_words.LABELS.get("amount" if name == "amounts" else name)
        if label:
            found[str(label)] = None
    return ", ".join(found) or _("where somebody belonged")
