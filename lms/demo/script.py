"""What the demo world is about: when lessons came out, what they truly do, and what the known people are at.

`H` in a row of `_HISTORY` means "in the current month, as the scene says", `-` means not finished.
"""

import datetime as dt
from collections.abc import Mapping

from lms.demo.calendar import Calendar
from lms.demo.content import CLIENT, Content
from lms.demo.knobs import Effect, Firm, Knobs, Lesson, Role, Settings
from lms.demo.learning import Scene
from lms.demo.population import Rep, Spell

MONTHS = 18
OWN_SELLERS = 10
"""Reps of the client's own; the partners' are in the content."""

SCHEDULE = {
    "why": 0, "first": 0, "voice": 3, "listen": 5, "lost": 8, "ringi": 11, "handover": 14,
    "price": 16, "complaint": 17,
}  # fmt: skip
"""The month in which each lesson came out."""

SCENARIOS = {"price-talk": 0, "complaint-call": 2, "late-delivery": 17}
"""The month in which each scenario came out, or was begun."""

SITTING_OUT = {"takahashi"}
"""Who has not played yet, so that there is something to begin with."""

REQUIRED = {"why", "first", "price", "complaint"}

EFFECTS = (
    Effect("talk", "appointment", 0.8),
    Effect("together", "won", 1.0),
)
"""Talking with customers brings appointments, passing on brings wins, the company's story neither."""

KNOBS = Knobs(partner_learn=-0.9)
"""Firms that sell less had their people learn more: over all firms together learning looks of no use, and among
colleagues it goes along with selling."""

_STAFF_SINCE = -24
_LAUNCHES = {"nagisa": 2, "umineko": 5, "shimakaze": 9}
_MANDATES = {"mirai", "higashiyama", "suzuran", "kodama"}

_HIRED_AND_ABILITY = {
    "shiraishi": (-48, 1.8), "kondo": (-20, 0.2), "ishii": (-9, 0.4), "yoshida": (15, -0.1),
    "ito": (-31, 1.4), "takahashi": (-4, 0.5), "morita": (-16, 0.8), "sasaki": (-12, -0.3),
    "ogawa": (-6, -0.2), "hayashi": (-2, -0.6), "nguyen": (-7, 0.9), "matsumoto": (-3, 0.1),
    "patel": (6, 0.6),
}  # fmt: skip

_ORDER = ("why", "first", "voice", "listen", "lost", "ringi", "handover", "price", "complaint")

_HISTORY = {
    #             why first voice listen lost ringi handover price complaint
    "shiraishi": "0   0     3     5      8    11    14       16    H",
    "kondo":     "1   1     4     7      -    12    15       H     -",
    "ishii":     "0   1     3     6      9    13    -        16    H",
    "yoshida":   "15  16    H     H      -    -     -        -     -",
    "ito":       "0   0     3     5      8    11    14       H     H",
    "takahashi": "1   2     4     6      9    H     H        -     -",
    "morita":    "0   1     3     5      9    12    15       H     H",
    "sasaki":    "1   2     5     8      11   -     15       -     -",
    "ogawa":     "2   2     6     9      -    14    H        H     -",
    "hayashi":   "1   3     5     8      10   -     16       H     -",
    "nguyen":    "0   0     4     H      8    12    14       H     -",
    "matsumoto": "1   1     5     6      -    13    -        -     H",
    "patel":     "6   6     7     9      11   13    14       H     -",
}  # fmt: skip

_STAFF = {
    "miura":     "0   0     3     -      8    -     14       -     -",
    "hasegawa":  "0   0     3     5      8    11    14       16    H",
    "okada":     "0   1     3     -      9    -     -        16    -",
    "fujii":     "0   0     4     5      8    12    14       16    -",
    "nishimura": "0   1     3     5      9    11    14       16    H",
    "sakamoto":  "1   1     4     6      -    12    15       -     -",
    "kawaguchi": "0   2     4     5      10   12    14       H     -",
}  # fmt: skip
"""Those who manage or write learn as well; they sell nothing, so the world's truth has no part in them."""


def lessons(content: Content) -> tuple[Lesson, ...]:
    """Return the lessons of the content as the world sees them."""
    return tuple(
        Lesson(module.key, module.course, SCHEDULE[module.key], module.key in REQUIRED)
        for module in content.modules
    )


def published(lesson: str, calendar: Calendar) -> dt.datetime:
    """Return when a lesson came out: the first Tuesday of its month, and yesterday at the latest."""
    return _tuesday(SCHEDULE[lesson], calendar)


def scenario_out(scenario: str, calendar: Calendar) -> dt.datetime:
    """Return when a scenario came out, or was begun."""
    return _tuesday(SCENARIOS[scenario], calendar)


def _tuesday(month: int, calendar: Calendar) -> dt.datetime:
    first = calendar.first_day(month)
    tuesday = first + dt.timedelta(days=(1 - first.weekday()) % 7)
    return min(calendar.at(tuesday, 8.5), calendar.now - dt.timedelta(hours=26))


def settings(content: Content, calendar: Calendar) -> Settings:
    """Return the settings of the demo world."""
    return Settings(
        firms=tuple(
            Firm(
                size=organisation.reps or OWN_SELLERS,
                teams=1 if organisation.key == CLIENT else len(organisation.teams),
                launch=_LAUNCHES.get(organisation.key, -60),
                mandate=organisation.key in _MANDATES,
            )
            for organisation in content.organisations
        ),
        lessons=lessons(content),
        effects=EFFECTS,
        cast=tuple(_roles(content)),
        script=_script(),
        months=MONTHS,
        first_calendar_month=calendar.first_day(0).month,
        elapsed=calendar.elapsed,
        knobs=KNOBS,
    )


def _roles(content: Content) -> list[Role]:
    firms = {each.key: number for number, each in enumerate(content.organisations)}
    roles = []
    for person in content.people:
        if "rep" in person.roles:
            firm = firms[person.organisation]
            teams = [team.key for team in content.organisations[firm].teams]
            hired, ability = _HIRED_AND_ABILITY[person.key]
            roles.append(Role(person.key, firm, teams.index(person.team), hired, ability))
    return roles


def _script() -> Mapping[tuple[str, str], int | None]:
    return {
        (person, lesson): month
        for person, row in _HISTORY.items()
        for lesson, month in _months(row).items()
    }


def _months(row: str) -> dict[str, int | None]:
    meaning: dict[str, int | None] = {"-": None, "H": MONTHS - 1}
    return {
        lesson: meaning[word] if word in meaning else int(word)
        for lesson, word in zip(_ORDER, row.split(), strict=True)
    }


def staff(content: Content, first_number: int) -> tuple[list[Rep], dict[tuple[int, str], int]]:
    """Return the known people who are no reps, numbered from here on, and the months of their lessons."""
    learners, finishes = [], {}
    firms = {each.key: number for number, each in enumerate(content.organisations)}
    known = [person for person in content.people if person.key in _STAFF]
    for number, person in enumerate(known, start=first_number):
        firm = firms[person.organisation]
        teams = [team.key for team in content.organisations[firm].teams]
        spell = Spell(firm, teams.index(person.team), _STAFF_SINCE)
        learners.append(Rep(number, person.key, 0.6, (spell,)))
        for lesson, month in _months(_STAFF[person.key]).items():
            if month is not None:
                finishes[number, lesson] = month
    return learners, finishes


def scenes(calendar: Calendar) -> Mapping[tuple[str, str], Scene]:
    """Return what the known people did in the current month, seen from today.

    高橋 is in the middle of a video and finished a lesson earlier this week; 森田 is just ahead of her
    and 小川 just behind; 佐々木 stopped six days ago; 林 has tried three times.
    """
    this_week = min(2, calendar.today.weekday())
    return {
        ("takahashi", "ringi"): Scene(11, 12.2, (2, 0)),
        ("takahashi", "handover"): Scene(this_week, 8.1, (1, 0)),
        ("takahashi", "price"): Scene(0, 23.5, (), watched=0.47),
        ("morita", "price"): Scene(8, 18.4, (2, 0)),
        ("morita", "complaint"): Scene(1, 12.3, (0,)),
        ("ito", "price"): Scene(9, 7.8, (0,)),
        ("ito", "complaint"): Scene(0, 7.7, (0,)),
        ("ogawa", "price"): Scene(6, 8.3, (2, 1)),
        ("ogawa", "handover"): Scene(1, 19.4, (2,)),
        ("sasaki", "complaint"): Scene(6, 12.6, (), watched=0.2),
        ("hayashi", "price"): Scene(1, 18.9, (3, 2, 1)),
        ("nguyen", "listen"): Scene(3, 8.4, (1, 0)),
        ("nguyen", "price"): Scene(1, 8.2, (0,)),
        ("matsumoto", "complaint"): Scene(1, 12.9, (1,)),
        ("patel", "price"): Scene(0, 12.1, (1, 0)),
        ("shiraishi", "complaint"): Scene(4, 8.0, (0,)),
        ("kondo", "price"): Scene(2, 13.1, (2, 1, 0)),
        ("ishii", "complaint"): Scene(1, 17.6, (0,)),
        ("yoshida", "voice"): Scene(5, 7.5, (0,)),
        ("yoshida", "listen"): Scene(0, 12.4, (1,)),
    }
