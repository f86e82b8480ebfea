"""Whose turn it is for a thread: nobody's people wait behind those of another organisation."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.callers import STRANGER
from lms.patience import busy
from lms.turns import ABOUT, LONGEST_WAIT, MOST_WAITING, Turns

THREADS = 8


@dataclass
class Server:
    """Turns with a clock that is set by hand, and what is at work."""

    now: float = 100.0
    at_work: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns: Turns[Any] = Turns(THREADS, clock=lambda: self.now)

    def ask(self, organisation: str, times: int = 1, *, large: bool = False) -> list[bool]:
        """Send so many requests; says of each whether it was taken."""
        taken = []
        for _ in range(times):
            taken.append(self.turns.wait(organisation, organisation, large=large))
            self.begin()
        return taken

    def begin(self) -> None:
        """Give threads to whose turn it is."""
        self.at_work += self.turns.begin()

    def answer(self, organisation: str, *, large: bool = False) -> None:
        """End one of its requests."""
        self.at_work.remove(organisation)
        self.turns.end(organisation, large=large)
        self.begin()


@pytest.fixture
def server() -> Server:
    return Server()


def test_an_organisation_alone_has_half_of_the_threads_and_the_rest_stay_free(server: Server):
    server.ask("greedy", 50)
    assert server.at_work == ["greedy"] * 4


def test_another_one_s_request_begins_at_once(server: Server):
    server.ask("greedy", 50)
    server.ask("modest")
    assert server.at_work[-1] == "modest"


def test_while_others_are_about_it_has_a_quarter(server: Server):
    server.ask("greedy", 50)
    server.ask("modest")
    for _ in range(20):
        server.answer("greedy")
    assert Counter(server.at_work) == {"greedy": 2, "modest": 1}
    server.answer("modest")
    server.answer("greedy")
    assert Counter(server.at_work) == {"greedy": 2}
    server.now += ABOUT + 0.1
    server.begin()
    assert Counter(server.at_work) == {"greedy": 4}


def test_strangers_always_find_a_thread(server: Server):
    for name in "abcdef":
        server.ask(name, 50)
    assert len(server.at_work) == THREADS - 1
    server.ask(STRANGER)
    assert server.at_work[-1] == STRANGER


def test_strangers_have_no_share(server: Server):
    server.ask(STRANGER, 50)
    assert server.at_work == [STRANGER] * THREADS
    server.now += LONGEST_WAIT + 1
    assert not list(server.turns.give_up())


def test_files_that_arrive_slowly_leave_threads_to_everything_else(server: Server):
    server.ask("greedy", 50, large=True)
    assert server.at_work == ["greedy"] * 2
    server.ask("greedy")
    server.ask("modest", 9, large=True)
    server.ask(STRANGER, 9, large=True)
    assert Counter(server.at_work) == {"greedy": 3, "modest": 2}


def test_whose_turn_does_not_come_is_told_so(server: Server):
    assert all(server.ask("greedy", MOST_WAITING + 4))
    assert server.ask("greedy") == [False]
    assert server.ask("modest") == [True]
    server.now += LONGEST_WAIT + 1
    assert list(server.turns.give_up()) == ["greedy"] * MOST_WAITING
    server.answer("greedy")
    assert server.ask("greedy") == [True]


def test_an_answer_that_says_so_names_when_to_come_again():
    page = busy(b"GET /learn/ HTTP/1.1\r\nHost: a\r\n\r\n")
    call = busy(b"POST /api/attempts/x/ HTTP/1.1\r\nHost: a\r\n\r\n{}")
    for answer, kind in ((page, b"text/plain"), (call, b"application/problem+json")):
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: " in head
        assert b"\r\nContent-Type: " + kind in head
        assert f"\r\nContent-Length: {len(body)}".encode() in head


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["a", "b", "c", STRANGER]), st.booleans()),
        st.integers(0, 20),
    ),
    max_size=120,
)


@given(_STEPS)
def test_nobody_has_too_much_nothing_is_lost_and_all_are_served_in_the_end(steps):
    server = Server()
    kinds: list[tuple[str, bool]] = []

    def begin() -> None:
        kinds.extend(server.turns.begin())
        busy_ones = [each for each in kinds if each[0] != STRANGER]
        assert len(kinds) <= THREADS
        assert len(busy_ones) < THREADS
        assert max(Counter(kind for kind in busy_ones if not kind[1]).values(), default=0) <= 4
        assert max(Counter(kind for kind in busy_ones if kind[1]).values(), default=0) <= 2

    for step in steps:
        if isinstance(step, int):
            server.now += 0.1
            if step < len(kinds):
                name, large = kinds.pop(step)
                server.turns.end(name, large=large)
        else:
            assert server.turns.wait(step[0], step, large=step[1])
        begin()
    while kinds:
        name, large = kinds.pop(0)
        server.turns.end(name, large=large)
        begin()
    server.now += LONGEST_WAIT + 1
    assert not list(server.turns.give_up())
