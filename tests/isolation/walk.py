"""The walk itself: every request in a world with a rival, then in the same world without it."""

import dataclasses
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.test import Client as Browser

from core.access import ROLES
from partners.models import Person
from tests.architecture.world import Side
from tests.isolation import oracles
from tests.isolation import plan as planning
from tests.isolation.asking import Answer, Ask, Visitor
from tests.isolation.oracles import Finding, Knowledge
from tests.isolation.plan import Plan
from tests.isolation.registry import ANSWER_ALIKE
from tests.isolation.rows import ids_in
from tests.isolation.scene import Scene

LETTERS_TO_OWNERS = {"account_mail_link", "account_reset_password"}
"""Doors that write to whoever has an address: the letter reaches its owner, the answer tells nobody anything."""

MADE_BY_PHONES = {("api_attempt", "theirs"), ("quizzes:quiz", "id new_attempt_id")}
"""Where an id is a key that a phone made at random: whoever sends one that is taken writes nothing."""


@dataclasses.dataclass
class Walked:
    """What came of it."""

    asks: list[Ask]
    there: list[Answer]
    gone: list[Answer]
    known: Knowledge
    findings: list[Finding]
    own: list[tuple[Ask, Answer]]

    unsaid: list[str] = dataclasses.field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how much was tried, and how much of it came to something: refusals alone would prove nothing."""
        answers = list(zip(self.asks, self.there, strict=True))
        good = [ask for ask, answer in answers if answer.status < 400]
        return {
            "requests": len(answers),
            "doors asked": len({ask.door for ask in self.asks}),
            "pages read": len({a.door for a in good if a.kind == "own" and a.method == "get"}),
            "bodies taken": len({a.door for a in good if a.kind == "own" and a.method != "get"}),
            "rivals' records": len({a.door for a in self.asks if a.kind == "theirs"}),
            "rivals' values": sum(a.kind.startswith(("id ", "word ")) for a in self.asks),
            "writes of one's own": len(
                {a.door for a, b in self.own if b.status < 400 and b.written}
            ),
        }


def walk(scene: Scene, plan: Plan) -> Walked:
    """Ask everything in both worlds, and let all oracles look."""
    with scene.with_rival() as (rival, theirs):
        visitor = scene.visitor(theirs)
        _sign_in(visitor, scene.mine, scene.ours, rival)
        asks: list[Ask] = []
        there: list[Answer] = []
        for rest in _rounds(plan, scene, rival, asks, there):
            there += _ask_all(visitor, rest, rival)
        own = list(planning.own(plan, scene.ours))
        done = list(zip(own, [visitor.ask(ask) for ask in own], strict=True))
        known = Knowledge(ids_in(scene.own_keys), ids_in(theirs) | _ids(rival))
    alone = scene.visitor()
    _sign_in(alone, scene.mine, scene.ours)
    gone = _ask_all(alone, asks)
    return Walked(asks, there, gone, known, judge(asks, there, gone, known), done)


def _rounds(
    plan: Plan, scene: Scene, rival: Side, asks: list[Ask], there: list[Answer]
) -> Iterator[list[Ask]]:
    """Yield what is asked first, then what follows from the answers; `asks` collects all of it."""

    def round_of(*parts: Iterable[Ask]) -> list[Ask]:
        found = [ask for part in parts for ask in part]
        asks.extend(found)
        return found

    mine = scene.mine
    yield round_of(planning.strangers(plan, mine, rival), planning.first(plan, mine))
    seen = {(a.role, a.door): b.status for a, b in zip(asks, there, strict=True)}
    yield round_of(planning.reading(plan, mine, rival, seen), planning.sending(plan, mine))
    sent = {(a.role, a.door): b.status for a, b in zip(asks, there, strict=True) if a.is_own_sent}
    yield round_of(planning.writing(plan, scene.ours, mine, rival, sent))


def _ask_all(visitor: Visitor, asks: Sequence[Ask], rival: Side | None = None) -> list[Answer]:
    """Make all requests. Pages that everybody has at the same address are looked at by the rival just before."""
    visitor.watch()
    found = []
    for ask in asks:
        before = None
        if rival is not None and ask.is_page and ask.role in rival.people:
            before = partial(_look, visitor.browser(rival.people[ask.role]), ask.url)
        found.append(visitor.ask(ask, first=before))
    return found


def _look(browser: Browser, url: str) -> None:
    """Open a page and read it to its end: only then a file is closed that is sent piece by piece."""
    browser.get(url).getvalue()


def _sign_in(visitor: Visitor, *sides: Side) -> None:
    for side in sides:
        for role in ROLES:
            visitor.browser(side.people[role])


def _ids(side: Side) -> set[uuid.UUID]:
    return {side.ids["session_id"], side.ids["new_attempt_id"]}


def judge(
    asks: Sequence[Ask], there: Sequence[Answer], gone: Sequence[Answer], known: Knowledge
) -> list[Finding]:
    """Let all oracles look at all answers."""
    findings: list[Finding] = []
    plain: dict[tuple[Person | None, str], Answer] = {}
    for ask, one, other in zip(asks, there, gone, strict=True):
        letter = ask.door in LETTERS_TO_OWNERS and ask.kind.startswith("word")
        by_phone = (ask.door, ask.kind) in MADE_BY_PHONES
        findings += [] if letter else oracles.alone(ask, one, known)
        said = {
            "deny": oracles.secrecy(ask, one, other),
            "interference": ""
            if by_phone and one.status < 500 and not one.written
            else oracles.interference(ask, one, other, known, words_only=letter),
            "mass": oracles.mass(plain[ask.who, ask.door], one, known)
            if ask.kind == "extra"
            else "",
        }
        findings += [Finding(name, ask, what) for name, what in said.items() if what]
        if ask.kind == "own" and ask.method != "get":
            plain[ask.who, ask.door] = one
    return findings


def undeclared_bodies(scene: Scene, plan: Plan) -> list[str]:
    """Return doors that take a body without a sample of it; what answers a POST as it answers a GET must not write."""
    visitor, found = scene.visitor(), []
    for ask in planning.blind(plan, scene.ours):
        answer = visitor.ask(ask)
        as_read = ask.door in ANSWER_ALIKE and not answer.written
        if answer.status != 405 and not as_read:
            found.append(f"{ask}: {answer.status}, wrote {sorted({n for n, _ in answer.written})}")
    return found
