"""Points, levels and badges in words: what is stored as keys and figures is said here, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.words import number
from courses.scenarios.models import Run
from gamification import badges, levels, points
from gamification.points import Rule


def signed(value: int) -> str:
    """Return points with their sign: +20, −5."""
    return f"+{number(value)}" if value >= 0 else f"−{number(-value)}"


def place(value: int) -> str:
    """Return a place: 40,123位, #40,123."""
    return pgettext("place", "#%(place)s") % {"place": number(value)}


def tenths(value: int) -> str:
    """Return a mean that is kept in tenths: 123 -> 12.3."""
    sign = "−" if value < 0 else ""
    return f"{sign}{number(abs(value) // 10)}.{abs(value) % 10}"


def level(found: levels.Level) -> str:
    """Return a level with its name: レベル6 聞き手, Level 6 Listener."""
    return _("Level %(number)s %(name)s") % {"number": found.number, "name": found.name}


def cause(rule: str, detail: Mapping[str, Any], module: str | None) -> str:
    """Say why points were booked: the sentence beside an entry of the ledger."""
    title = module or _("a module that is gone")
    if rule == points.FINISHED:
        return _("Finished: %(module)s") % {"module": title}
    if rule == points.FIRST_CORRECT:
        return _("Right at the first try, %(right)s of %(all)s: %(module)s") % {
            "right": detail.get("correct", 0),
            "all": detail.get("items", 0),
            "module": title,
        }
    if rule == points.FIRST_BEST:
        return _("Best choices in the first run, %(best)s of %(all)s: %(module)s") % {
            "best": detail.get("best", 0),
            "all": detail.get("forks", 0),
            "module": title,
        }
    return _("Answer key corrected, %(before)s became %(right)s right: %(module)s") % {
        "before": detail.get("before", 0),
        "right": detail.get("correct", 0),
        "module": title,
    }


def run_state(state: str, outcome: str) -> str:
    """Say how a run of a scenario stands, or how it ended."""
    if state == Run.State.FINISHED:
        return {
            "success": _("It worked out"),
            "partial": _("It worked out in part"),
            "fail": _("It didn't work out this time"),
        }.get(outcome, _("You reached the end"))
    return {
        "open": _("In the middle of it"),
        "abandoned": pgettext("run", "Given up"),
    }.get(state, _("Ended by a new version"))


def line(rule: str, detail: Mapping[str, Any]) -> str:
    """Say why points were booked, where the module is plain from the page."""
    if rule == points.FINISHED:
        return _("Module finished")
    right = int(detail.get("correct", 0))
    if rule == points.FIRST_CORRECT:
        return ngettext("%(n)s right at the first try", "%(n)s right at the first try", right) % {
            "n": right
        }
    if rule == points.FIRST_BEST:
        best = int(detail.get("best", 0))
        return ngettext(
            "%(n)s best choice in the first run", "%(n)s best choices in the first run", best
        ) % {"n": best}
    return _("Answer key corrected")


def source(rule: str, times: int) -> str:
    """Name what points of a month came from: モジュールの修了 22本."""
    if rule == points.FINISHED:
        return ngettext("%(n)s module finished", "%(n)s modules finished", times) % {"n": times}
    if rule == points.FIRST_CORRECT:
        return ngettext(
            "Right at the first try, %(n)s quiz", "Right at the first try, %(n)s quizzes", times
        ) % {"n": times}
    if rule == points.FIRST_BEST:
        return ngettext("Best choices, %(n)s scenario", "Best choices, %(n)s scenarios", times) % {
            "n": times
        }
    return ngettext("%(n)s corrected answer key", "%(n)s corrected answer keys", times) % {
        "n": times
    }


def _finished_rule(rule: Rule) -> tuple[str, str]:
    return (
        _("Finish a module"),
        _(
            "Hand in its quiz, or play its scenario to an ending, for the first time. Each module pays once."
        ),
    )


def _first_correct_rule(rule: Rule) -> tuple[str, str]:
    if rule.cap is None:
        return (
            _("Each right answer at the first try"),
            _("Only the first go at a quiz counts."),
        )
    return (
        _("Each right answer at the first try"),
        _("Only the first go at a quiz counts, up to %(cap)s points a quiz.") % {"cap": rule.cap},
    )


def _first_best_rule(rule: Rule) -> tuple[str, str]:
    if rule.cap is None:
        return (
            _("Each best choice in the first run of a scenario"),
            _(
                "Only the first run that you play to an ending counts. Scenes that you had answered differently "
                "in a run that you gave up bring no points."
            ),
        )
    return (
        _("Each best choice in the first run of a scenario"),
        _(
            "Only the first run that you play to an ending counts. Scenes that you had answered differently "
            "in a run that you gave up bring no points. Up to %(cap)s points a scenario."
        )
        % {"cap": rule.cap},
    )


_RULES: dict[str, Callable[[Rule], tuple[str, str]]] = {
    points.FINISHED: _finished_rule,
    points.FIRST_CORRECT: _first_correct_rule,
    points.FIRST_BEST: _first_best_rule,
}


def rule_words(rule: Rule) -> tuple[str, str]:
    """Return a rule as people read it: what earns, and under which condition. KeyError without words."""
    return _RULES[rule.key](rule)


def has_words(rule: Rule) -> bool:
    """Say whether this rule can be told: one that can't earns nothing either."""
    return rule.key in _RULES


def brings(rules: Mapping[str, Rule], items: int | None, *, plays: bool = False) -> str:
    """Say what a module brings, before it is begun; empty without rules. `plays`: it is finished by its scenario."""
    finished, right = rules.get(points.FINISHED), rules.get(points.FIRST_CORRECT)
    if finished is None:
        return ""
    if plays:
        return _scenario_brings(finished, rules.get(points.FIRST_BEST))
    if right is None:
        return _("Finishing it brings %(points)s pt") % {"points": finished.points}
    if items:
        return _(
            "Finishing it brings %(points)s pt, each right answer at the first try another %(more)s pt,"
            " up to %(cap)s pt"
        ) % {"points": finished.points, "more": right.points, "cap": right.earned(items)}
    return _(
        "Finishing it brings %(points)s pt, each right answer at the first try another %(more)s pt"
    ) % {
        "points": finished.points,
        "more": right.points,
    }


def _scenario_brings(finished: Rule, best: Rule | None) -> str:
    if best is None:
        return _("Finishing it brings %(points)s pt") % {"points": finished.points}
    # No cap: a scenario of few decisions doesn't reach it. The page of the rules tells it.
    values = {"points": finished.points, "more": best.points}
    return _("Finishing it brings %(points)s pt, each best choice another %(more)s pt") % values


def badge_notice(data: Mapping[str, Any]) -> str:
    """Say that a badge was earned."""
    found = badges.BY_KEY.get(str(data.get("badge")))
    return _("New badge: %(name)s") % {"name": found.name if found else data.get("badge")}


def level_notice(data: Mapping[str, Any]) -> str:
    """Say that a level was reached."""
    found = levels.LEVELS[min(max(int(data.get("level", 1)), 1), len(levels.LEVELS)) - 1]
    return _("You have reached level %(number)s: %(name)s") % {
        "number": found.number,
        "name": found.name,
    }
