"""What was left out, doubted and refused, in words: a sentence for each code of the engine's findings."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.associations import figures

SENTENCES: dict[str, Promise] = {
    "key_missing": _("%(rows)s rows without rep, company or time were left out."),
    "currencies": _("%(rows)s rows in another currency than %(about)s were left out."),
    "future": _("%(rows)s rows that lie in the future were left out."),
    "twice": _("%(rows)s rows that stand there twice were counted once."),
    "twice_otherwise": _(
        "%(rows)s rows were left out: the same rep has several different ones at the same time."
    ),
    "infinite": _("“%(about)s” has %(rows)s infinite values; they count as missing."),
    "missing": _("“%(about)s” is missing in %(share)s of the figures (%(rows)s)."),
    "much_missing": _("“%(about)s” is missing in %(share)s of the figures: the reps who remain may not be typical."),
    "treated_missing": _("%(rows)s rows were left out: it isn't known whether they had it."),
    "treated_varies": _("%(rows)s rows were left out: their rep has several first times."),
    "always_treated": _("%(units)s reps were left out: they had it from the first time on."),
    "constant": _("“%(about)s” is the same in every row."),
    "constant_control": _("“%(about)s” is the same in every row and adjusts nothing."),
    "one_group": _("There is only one company: nothing holds beyond it."),
    "ceiling": _("%(share)s of “%(about)s” are at the highest value: differences above it can't be seen."),
    "one_whale": _("One rep has %(share)s of all “%(about)s”: means stand on that rep; ranks don't."),
    "leavers": _(
        "%(units)s reps (%(share)s) have no figures in the last month any more: those who stayed may not be typical."
    ),
    "leavers_treated": _(
        "%(units)s reps (%(share)s) have no figures in the last month any more: %(had_gone)s of them had been trained,"
        " and %(had_stayed)s of those who stayed. Those who stayed may not be typical."
    ),
    "sign_differs": _(
        "Overall it points the other way than within the same company or the same rep. The overall number isn't told:"
        " it compares companies or people, not learning."
    ),
    "sign_adjusted": _(
        "The sign turns round when reps are compared who are alike in what is known of them: the raw number misleads."
    ),
    "few_groups": _("Companies: %(groups)s. Intervals tell about these alone."),
    "few_times": _("Too few times to compare a rep with the same rep."),
    "lead": _(
        "Sales go with learning that comes later (%(p)s): learning may follow sales. The grade is lower for it."
    ),
    "lead_unknown": _("Whether sales come first can't be tested here."),
    "other_lag": _(
        "It is seen far more clearly at a lag of %(lag)s after the learning than at the %(asked)s that was asked for:"
        " the lag may be wrong. The grade is lower for it."
    ),
    "pre_trend_power": _(
        "A trend that grows to %(drift)s could have been there before without being seen."
    ),
    "no_pre_trend": _("There are too few times before to see whether trends were parallel."),
    "not_robust": _("If later trends differ as much as those before, the interval includes no difference."),
    "no_comparison": _("Everybody had it at the same time: there is nobody to compare with."),
    "by_luck": _(
        "%(tests)s comparisons: by luck alone about %(by_luck)s would stand out. %(hits)s do, and %(found)s after"
        " correction (Benjamini–Hochberg)."
    ),
    "balance": _("After weighting, the two kinds still differ by %(left)s standard deviations in a figure."),
    "stretched": _("Hardly anybody had an equally bad month without it: a straight line is stretched to there."),
    "no_sensitivity": _("What other trends would change can't be computed here. The grade is lower for it."),
    "few_units": _("Reps: %(units)s; at least %(least)s are needed."),
    "no_variation": _("There is nothing to compare in “%(about)s”."),
    "few_treated": _("Reps on the smaller side: %(units)s; at least %(least)s are needed."),
    "few_treated_groups": _("Companies that had it: %(groups)s; at least %(least)s are needed."),
    "few_others": _(
        "Companies that hadn't had it: %(groups)s; with fewer than %(least)s what holds beyond them can't be said."
    ),
    "nobody_left": _("Nobody is left to compare with: everybody had it at the same time."),
    "no_before": _("Nothing is known of the time before."),
    "dip": _(
        "Just before, sales were unusually low: a recovery would have come anyway. Compare with equally bad months"
        " instead."
    ),
    "pre_trend": _("Sales already went another way before (%(p)s): no comparison can be made."),
    "overlap": _("The two kinds hardly overlap in what is known of them: nobody is alike enough to compare."),
    "not_computed": _("It could not be computed from these data."),
}  # fmt: skip


_SHARES = {"share", "had_gone", "had_stayed"}
"""Values that are parts of a whole."""

_OF_SALES = {"drift"}
"""Values that are differences of sales."""


def said(told: Mapping[str, Any], names: Mapping[str, str], unit: str | None = None) -> str:
    """Say one finding; columns are called as `names` calls them, and sales have this unit, if it is known."""
    values = {name: _figure(name, value, unit) for name, value in told["values"].items()}
    about = str(told["about"])
    return str(SENTENCES[told["code"]]) % {"about": names.get(about, about), **values}


def _figure(name: str, value: Any, unit: str | None) -> str:
    if name in _SHARES:
        return figures.share(value)
    if name == "p":
        return figures.probability(value)
    if name in _OF_SALES and unit is not None:
        return figures.size(value, unit, figures.digits(value))
    return figures.plain(value) if isinstance(value, float) else str(value)
