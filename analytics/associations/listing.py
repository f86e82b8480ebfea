"""An analysis as lines of text, and its words beside its figures: for the command line."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.associations import figures, telling

METHODS: dict[str, Promise] = {
    "within": pgettext_lazy("method", "rank correlation within companies"),
    "pooled": pgettext_lazy("method", "rank correlation, all"),
    "between": pgettext_lazy("method", "rank correlation between companies"),
    "pearson": pgettext_lazy("method", "linear correlation, all"),
    "kendall": pgettext_lazy("method", "Kendall's tau, all"),
    "partial": pgettext_lazy("method", "partial correlation"),
    "slope": pgettext_lazy("method", "slope, all"),
    "slope_adjusted": pgettext_lazy("method", "slope at equal controls"),
    "slope_within": pgettext_lazy("method", "slope within companies"),
    "slope_within_adjusted": pgettext_lazy("method", "slope within companies at equal controls"),
    "slope_between": pgettext_lazy("method", "slope between companies"),
    "fixed_effects": pgettext_lazy("method", "same rep over time (fixed effects)"),
    "lead": pgettext_lazy("method", "lead test (sales before learning)"),
    "event_study": pgettext_lazy("method", "event study (Callaway–Sant'Anna)"),
    "event_time": pgettext_lazy("method", "event study at"),
    "dip_matched": pgettext_lazy("method", "after an equally bad month"),
    "difference": pgettext_lazy("method", "difference with and without"),
    "ipw": pgettext_lazy("method", "difference, inverse weights"),
    "aipw": pgettext_lazy("method", "difference, doubly robust"),
    "ra": pgettext_lazy("method", "difference, regression adjustment"),
    "ipw_ra": pgettext_lazy("method", "difference, weighted regression"),
    "did": pgettext_lazy("method", "difference in differences"),
    "before_after": pgettext_lazy("method", "before and after, no comparison"),
    "odds": pgettext_lazy("method", "odds ratio, all"),
    "common_odds": pgettext_lazy("method", "odds ratio at equal companies"),
    "logit": pgettext_lazy("method", "log odds (logit)"),
}

BAD: dict[str, Promise] = {
    "no_libraries": gettext_lazy(
        "The statistics libraries are missing (%(name)s): see docs/statistics.md."
    ),
    "no_learning": gettext_lazy("Name at least one column: --learning or --treated."),
    "bad_lag": gettext_lazy("--lag is between 0 and 24."),
    "no_column": gettext_lazy("There is no column “%(column)s”. There are: %(there)s."),
    "not_number": gettext_lazy("Row %(row)s, column “%(column)s”: “%(cell)s” is not a number."),
    "not_time": gettext_lazy(
        "Row %(row)s, column “%(column)s”: “%(cell)s” is not a time; write 2026-04 or 4."
    ),
    "empty": gettext_lazy("The file has no rows."),
    "unreadable": gettext_lazy("%(path)s can't be read: %(why)s."),
    "broken": gettext_lazy("The file is not a table: %(why)s"),
    "encoding": gettext_lazy("The file's characters can't be read; save it as one of: %(known)s."),
    "many_kinds": gettext_lazy(
        "Column “%(column)s” has %(kinds)s kinds; a control may have %(most)s."
    ),
}


def bad_file(code: str, values: Mapping[str, Any]) -> str:
    """Say what is wrong with a file, and how to mend it."""
    return str(BAD[code]) % values


def with_words(told: dict[str, Any]) -> dict[str, Any]:
    """Add its sentence to each answer, and its text to each finding."""
    for answer in told["answers"]:
        answer["sentence"] = telling.sentence(answer)
        answer["stands_on"] = telling.stands_on(answer, told["facts"])
    for name in ("findings", "warnings", "refusals"):
        for each in told[name]:
            each["text"] = telling.finding(each)
    return told


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Return the analysis as text: answers, doubts, numbers."""
    for answer in told["answers"]:
        yield f"[{answer['grade']}] {answer['sentence']}"
        yield f"    {answer['stands_on']}"
    for title, name in ((_("Not told"), "refusals"), (_("Doubts"), "warnings")):
        texts = dict.fromkeys(each["text"] for each in told[name])
        if texts:
            yield ""
            yield title
            yield from (f"  - {text}" for text in texts)
    if told["estimates"]:
        yield ""
        yield from _table(told["estimates"])
    facts = told["facts"]
    yield ""
    yield _("%(rows)s of %(asked)s rows used; engine %(version)s.") % facts


def _table(estimates: list[Mapping[str, Any]]) -> Iterator[str]:
    head = [
        _("number"),
        _("value"),
        _("SE"),
        _("interval, 95 percent"),
        "p",
        "q",
        _("rows"),
        _("reps"),
        _("companies"),
        _("errors"),
    ]
    rows = [head, *(_row(each) for each in estimates)]
    widths = [max(_wide(row[n]) for row in rows) for n in range(len(head))]
    for row in rows:
        cells = [
            _padded(cell, width, n == 0)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


_TOLD = ("value", "se", "low", "high")


def _row(each: Mapping[str, Any]) -> list[str]:
    name = str(METHODS[each["method"]])
    if each["method"] == "event_time":
        name = f"{name} {each['details']['since']:+d}"
    elif each["method"] == "fixed_effects":
        name = f"{name} t+{each['lag']}"
    value, error, low, high = figures.even(*(each[name] for name in _TOLD))
    interval = f"{low} … {high}" if each["low"] is not None else figures.NOTHING
    return [
        f"{each['learning']} → {each['sales']}: {name}",
        value,
        error,
        interval,
        figures.plain(each["p"]),
        figures.plain(each["q"]),
        str(each["n_rows"]),
        str(each["n_units"]),
        str(each["n_groups"]),
        each["errors"],
    ]


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _padded(text: str, width: int, left: bool) -> str:
    space = " " * (width - _wide(text))
    return text + space if left else space + text
