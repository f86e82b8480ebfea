"""The oracles: each looks at a request and its answer, knows nothing of the door, and says what is wrong with it."""

import dataclasses
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from tests.architecture.world import CANARY, RIVAL_SOLD, SECRET
from tests.isolation.asking import Answer, Ask
from tests.isolation.plan import TRUTHFUL
from tests.isolation.policies import outside
from tests.isolation.scene import RIVAL_WON, SECRET_WON

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CSRF = re.compile(r"\b[0-9A-Za-z]{64}\b")
_SECRET = re.compile(r"(?<![\w-])[\w-]{22,}(?![\w-])", re.ASCII)
_MADE = re.compile(r"\bM-[0-9a-f]{12}\b|argon2\$[^\"]*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_HEADERS = (
    "Content-Type",
    "Location",
    "Content-Disposition",
    "Allow",
    "WWW-Authenticate",
    "HX-Redirect",
)

LEARNERS = frozenset({"rep", "ace", "author"})
"""Roles that have no right to others' sales figures."""


def _figures(*numbers: int) -> re.Pattern[str]:
    shapes = [shape for n in numbers for shape in (str(n), f"{n:,}")]
    return re.compile(
        "|".join(rf"(?<![0-9A-Za-z_,.-]){re.escape(each)}(?![0-9A-Za-z_,])" for each in shapes)
    )


_THEIRS = _figures(RIVAL_SOLD, RIVAL_WON)
_OTHERS = _figures(SECRET, SECRET_WON)


@dataclasses.dataclass(frozen=True)
class Finding:
    """What an oracle has found."""

    oracle: str
    ask: Ask
    what: str

    def __str__(self) -> str:
        return f"{self.oracle}: {self.ask}: {self.what[:300]}"


class Knowledge:
    """What is known of both worlds: the ids of the one without a rival, and the rival's."""

    def __init__(self, known: Iterable[uuid.UUID], theirs: Iterable[uuid.UUID]) -> None:
        self.known = {str(each) for each in known}
        self.theirs = {str(each) for each in theirs}
        self._told = self.known | self.theirs

    def plain(self, text: str) -> str:
        """Return a text without what is new each time: ids of what was made, tokens, moments."""
        text = _MOMENT.sub("@", _MADE.sub("!", _CSRF.sub("csrf", text)))
        text = _UUID.sub(lambda m: m[0] if m[0] in self._told else "#", text)
        return _SECRET.sub(lambda m: m[0] if m[0] in self._told else "*", text)


def canary(ask: Ask, answer: Answer, known: Knowledge) -> str:
    """No word, figure or id of the rival: in no body, header, log line, cache entry, nor in what was written."""
    sent = ask.sent
    texts = {"answer": answer.seen, "written": "\n".join(row for _, row in answer.written)}
    for where, text in texts.items():
        if CANARY in text and CANARY not in sent:
            return f"{where} holds the canary: …{_around(text, CANARY)}…"
        if (found := _THEIRS.search(text)) and found[0] not in sent:
            return f"{where} holds the rival's figure {found[0]}"
        alien = (set(_UUID.findall(text)) & known.theirs) - set(_UUID.findall(sent))
        if alien and not (where == "written" and ask.kind != "own"):
            return f"{where} holds ids of the rival: {sorted(alien)[:3]}"
    return _cached(answer, known)


def _cached(answer: Answer, known: Knowledge) -> str:
    for key, value in answer.cached.items():
        theirs = CANARY in key + value or set(_UUID.findall(value)) & known.theirs
        if theirs and not set(_UUID.findall(key)) & known.theirs:
            return f"the cache holds something of the rival under {key}"
    return ""


def _around(text: str, word: str) -> str:
    at = text.index(word)
    return text[max(at - 60, 0) : at + 60].replace("\n", " ")


def write(_ask: Ask, answer: Answer, _known: Knowledge) -> str:
    """No row of the rival, nor any that leads to one, was changed, added or removed, tasks included."""
    return f"changed {answer.touched}" if answer.touched else ""


def interference(
    ask: Ask, there: Answer, gone: Answer, known: Knowledge, *, words_only: bool = False
) -> str:
    """With and without the rival, the answer is the same, and what it wrote.

    `words_only` for strangers: a letter to whoever has an address may go out, but the answer doesn't tell.
    """
    if there.status != gone.status:
        return f"{there.status} with a rival, {gone.status} without"
    pairs = [(there.headers.get(name, ""), gone.headers.get(name, "")) for name in _HEADERS]
    pairs.append((outside(there.body, ask.shared), outside(gone.body, ask.shared)))
    for one, other in pairs:
        if one != other and known.plain(one) != known.plain(other):
            return _difference(known.plain(one), known.plain(other))
    return "" if words_only else _effects(there, gone, known)


def _effects(there: Answer, gone: Answer, known: Knowledge) -> str:
    one, other = ([(n, known.plain(row)) for n, row in each.written] for each in (there, gone))
    if sorted(one) == sorted(other):
        return ""
    only = [row for row in one if row not in other] + [row for row in other if row not in one]
    return f"writes differently: {[(name, row[:200]) for name, row in only[:2]]}"


def _difference(one: str, other: str) -> str:
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    start = max(at - 40, 0)
    return f"differs: with {one[start : at + 60]!r}, without {other[start : at + 60]!r}"


def deny(ask: Ask, answer: Answer, _known: Knowledge) -> str:
    """Nothing breaks."""
    if answer.status >= 500 and ask.door not in TRUTHFUL:
        return f"answers {answer.status}"
    return f"the news broke {answer.failed}" if answer.failed else ""


def secrecy(ask: Ask, there: Answer, gone: Answer) -> str:
    """Another's record isn't there, rather than forbidden; a 403 says nothing only where it is said of nothing too."""
    forbidden = there.status == 403 and gone.status != 403
    return "says of what is there that it may not be seen: 403" if forbidden else ""


def fields(ask: Ask, answer: Answer, _known: Knowledge) -> str:
    """Sales figures of others aren't there for roles without the right to them."""
    if ask.role not in LEARNERS:
        return ""
    found = _OTHERS.search(answer.seen)
    return f"shows the sales figure {found[0]}" if found else ""


def mass(plain: Answer, extra: Answer, known: Knowledge) -> str:
    """Fields that no form asks for change nothing: what is written is the same without them."""
    one, other = ([(n, known.plain(row)) for n, row in each.written] for each in (extra, plain))
    if plain.status < 400 and extra.status >= 400:
        return ""  # refused as a whole
    only = [row for row in sorted(one) if row not in other]
    return f"more was written: {[(name, row[:300]) for name, row in only[:2]]}" if only else ""


def alone(ask: Ask, answer: Answer, known: Knowledge) -> list[Finding]:
    """Return what the four oracles say that need one world only."""
    looks: Sequence[Any] = (canary, write, deny, fields)
    said = [(look.__name__, look(ask, answer, known)) for look in looks]
    return [Finding(name, ask, what) for name, what in said if what]
