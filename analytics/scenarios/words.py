"""What people did, in words: one sentence a fork, shares, times, and what a page is about."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from analytics.scenarios.counting import median
from analytics.scenarios.findings import LEAST, Fork, Rate
from core import rounding
from core.words import between, number
from courses.authoring.scenarios.naming import short
from partners.models import Person

QUOTED = 60
"""So many half-width letters of a choice stand in its sentence."""

_QUOTES = {"「」", "“”", '""'}

MEASURES: Mapping[str, Promise] = {
    "came": pgettext_lazy("measure of a scene", "Came here"),
    "chose": pgettext_lazy("measure of a scene", "Chose the best"),
    "failed": pgettext_lazy("measure of a scene", "Failed after it"),
    "left": pgettext_lazy("measure of a scene", "Left here"),
}
EXPLAINED: Mapping[str, Promise] = {
    "came": gettext_lazy("Of the runs that began, how many came to the scene."),
    "chose": gettext_lazy("Of the first decisions in the scene, how many took the best answer."),
    "failed": gettext_lazy(
        "Of the runs that came to the scene and to an ending, how many ended in failure."
    ),
    "left": gettext_lazy(
        "Of the runs that came to the scene, how many were not gone on with for 24 hours."
    ),
}
OUTCOMES: Mapping[str, Promise] = {
    "success": gettext_lazy("success"),
    "partial": gettext_lazy("partial success"),
    "fail": gettext_lazy("failure"),
    "neutral": gettext_lazy("neither success nor failure"),
}
QUALITIES: Mapping[str, Promise] = {
    "best": pgettext_lazy("quality of a choice", "best"),
    "ok": pgettext_lazy("quality of a choice", "ok"),
    "poor": pgettext_lazy("quality of a choice", "poor"),
}

_ROUGHLY: tuple[tuple[float, Promise], ...] = (
    (0.0, gettext_lazy("hardly any")),
    (0.1, gettext_lazy("about one in ten")),
    (0.2, gettext_lazy("about one in five")),
    (0.25, gettext_lazy("about one in four")),
    (1 / 3, gettext_lazy("about one in three")),
    (0.4, gettext_lazy("about two in five")),
    (0.5, gettext_lazy("about half")),
    (0.6, gettext_lazy("about three in five")),
    (2 / 3, gettext_lazy("about two in three")),
    (0.75, gettext_lazy("about three in four")),
    (0.8, gettext_lazy("about four in five")),
    (0.9, gettext_lazy("about nine in ten")),
    (1.0, gettext_lazy("nearly all")),
)


def roughly(rate: Rate) -> str:
    """Say a share as people do: about two in three."""
    if rate.part == rate.n:
        return pgettext("a share in words", "all")
    if not rate.part:
        return pgettext("a share in words", "none")
    return str(min(_ROUGHLY, key=lambda each: abs(each[0] - rate.share))[1])


def percent(share: float) -> str:
    """Return a share in whole percent; halves are rounded up, as on all pages."""
    return f"{_whole(share)}%"


def _whole(share: float) -> int:
    return rounding.percent(share)


def interval(rate: Rate) -> str:
    """Return the interval of a share."""
    low, high = rate.interval
    return f"{between(_whole(low), _whole(high))}%"


def sentence(fork: Fork) -> str:
    """Say what is most worth knowing of a fork; nothing is said of fewer than five runs, and never why."""
    worst, usual = fork.worst, fork.usual
    if worst is not None:
        said = {
            "choice": _quoted(worst.choice.text),
            "share": roughly(worst.rate),
            "all": roughly(worst.in_scene),
        }
        if fork.is_clear:
            return (
                _("Of the runs that choose “%(choice)s”, %(share)s fail; of all here, %(all)s.")
                % said
            )
        return (
            _(
                "Of the runs that choose “%(choice)s”, %(share)s fail; of all here, %(all)s. That may be chance."
            )
            % said
        )
    if usual is None:
        return too_few(fork.figures.first)
    said = {
        "choice": _quoted(usual.choice.text),
        "share": roughly(usual.taken),
    }
    if fork.rate.enough and not fork.rate.part:
        return (
            _("Of the runs here, %(share)s first choose “%(choice)s”; none of them fails.") % said
        )
    return _("Of the runs here, %(share)s first choose “%(choice)s”.") % said


def _quoted(text: str) -> str:
    """Return the first words of a choice as they stand in quotation marks: without its own, and without 。 behind."""
    said = text.strip()
    if said[:1] + said[-1:] in _QUOTES and not set(said[1:-1]) & set(said[0] + said[-1]):
        said = said[1:-1]
    return short(said, QUOTED).removesuffix("。").removesuffix(".")


def facts(fork: Fork) -> list[str]:
    """Return what the sentence stands on: n, interval, the whole scene beside it, and how long was thought."""
    found = []
    if fork.worst is not None:
        found += [
            _("failed after it: %(rate)s") % {"rate": shared(fork.worst.rate)},
            _("in the whole scene: %(rate)s") % {"rate": shared(fork.worst.in_scene)},
        ]
    elif fork.usual is not None:
        found.append(_("chose it first: %(rate)s") % {"rate": shared(fork.usual.taken)})
    if (seconds := thought(fork.figures.thought)) is not None:
        found.append(_("median time to decide: %(time)s") % {"time": seconds})
    if fork.figures.gone:
        found.append(
            ngettext("%(n)s run was left here", "%(n)s runs were left here", fork.figures.gone)
            % {"n": number(fork.figures.gone)}
        )
    return found


def too_few(n: int) -> str:
    """Say that chance would say more than the figures."""
    return _("Too few to tell (n=%(n)s)") % {"n": number(n)}


def shared(rate: Rate) -> str:
    """Say a share with its base and interval, or that it stands on too little."""
    if not rate.enough:
        return too_few(rate.n)
    return _("%(part)s of %(n)s (%(percent)s, 95%% interval %(interval)s)") % {
        "part": number(rate.part),
        "n": number(rate.n),
        "percent": percent(rate.share),
        "interval": interval(rate),
    }


def thought(times: list[int]) -> str | None:
    """Say the median time to decide; None where too few decided."""
    seconds = median(times) if sum(times) >= LEAST else None
    if seconds is None:
        return None
    if seconds < 120:
        return _("%(n)s s") % {"n": f"{seconds:.0f}"}
    return _("%(n)s min") % {"n": f"{seconds / 60:.0f}"}


def where(labels: Mapping[str, str], viewer: Person) -> str:
    """Say what a page is about: whose runs, which of them, of which months and version."""
    everybody = _("All companies") if viewer.of_client else viewer.organisation.name
    found = [
        labels.get("organisation", everybody),
        labels.get("team", ""),
        labels.get("runs", _("All runs")),
        labels.get("period", _("All time")),
        labels.get("version", _("All versions")),
    ]
    return " · ".join(each for each in found if each)
