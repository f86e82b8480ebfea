"""Every address as every role: nobody comes in who may not, and a partner learns nothing of a rival."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from partners.models import Person
from tests.architecture import world
from tests.architecture.doors import REGISTER, Door, doors, lines
from tests.architecture.world import CANARY, Side
from tests.partners.factories import sign_in

# Of the demo world alone, and open to everybody there: mailbox, and the people one may sign in as.
OPEN = {
    "core:mailbox",
    "core:mailbox_message",
    "partners:demo_people",
    "partners:demo_sign_in",
    "partners:demo_face",
}
ENDS_SESSION = {"/accounts/logout/"}
# Tells by its status that no worker runs, which is true in this test.
TRUTHFUL = {"core:readyz"}


@pytest.fixture
def sides(settings: Any, tmp_path: Path, db: None) -> tuple[Side, Side, Side]:
    """The client, a partner, and its rival."""
    settings.MEDIA_ROOT = tmp_path
    return world.build()


def test_every_door_was_looked_at() -> None:
    recorded = REGISTER.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines() if "(undeclared)" in line]
    assert lines() == recorded, "Look at the new doors, then `python -m tests.architecture.doors`."
    assert len(recorded) >= 70


class Walker:
    """Visits addresses as many people, each with a browser that stays signed in."""

    def __init__(self) -> None:
        self.browsers: dict[Person | None, Browser] = {None: Browser()}

    def visit(self, person: Person | None, url: str, method: str = "get") -> tuple[int, str, str]:
        """Return status, body and where it leads."""
        if person is not None and person not in self.browsers:
            self.browsers[person] = sign_in(Browser(), person)
        answer = _read(getattr(self.browsers[person], method)(url))
        if method == "post" and url in ENDS_SESSION:
            self.browsers.pop(person, None)
        if method == "post" and person is None:
            self.browsers[None] = Browser()  # the demo's sign-in lets anybody in
        return answer


def _read(response: Any) -> tuple[int, str, str]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body.decode("utf-8", "replace"), response.get("Location", "")


def _people(side: Side) -> Iterator[tuple[str, Person]]:
    yield from side.people.items()


def _url(door: Door, ids: dict) -> str:
    return door.url(world.values_for(door.name, door.parameters, ids))


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(sides: tuple[Side, Side, Side], method: str) -> None:
    walker = Walker()
    _, mine, _ = sides
    for door in doors():
        status, _, location = walker.visit(None, _url(door, mine.ids), method)
        assert status < 500 or door.name in TRUTHFUL, door
        if door.access is not None and not door.access.admits(None):
            asked = (
                status == 401 if door.route.startswith("api/") else "/accounts/login/" in location
            )
            assert asked, (door.route, status, location)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_wrong_role_finds_nothing(sides: tuple[Side, Side, Side], method: str) -> None:
    walker = Walker()
    visits = 0
    for side in sides[:2]:
        for role, person in _people(side):
            for door in doors():
                if door.access is None or door.access.admits(frozenset([role])):
                    continue
                status, _, _ = walker.visit(person, _url(door, side.ids), method)
                assert status == 404, (role, door.route, status)
                visits += 1
    assert visits > 250


def test_the_right_role_gets_an_answer(sides: tuple[Side, Side, Side]) -> None:
    walker = Walker()
    for side in sides[:2]:
        for role, person in _people(side):
            for door in doors():
                if door.access is None or not door.access.admits(frozenset([role])):
                    continue
                status, _, _ = walker.visit(person, _url(door, side.ids))
                assert status < 500 or door.name in TRUTHFUL, (role, door.route, status)
                if "<" not in door.route and door.name not in OPEN | TRUTHFUL:
                    assert status in (200, 302, 304, 404, 405), (role, door.route, status)


def test_a_partner_never_learns_that_a_rivals_record_exists(
    sides: tuple[Side, Side, Side],
) -> None:
    walker = Walker()
    _, mine, rival = sides
    before = world.fingerprint(rival.organisation.pk)
    nothing = world.unknown(rival.ids)
    for role, person in _people(mine):
        for door in doors():
            if door.name in OPEN or door.access is None:
                continue
            if not door.access.admits(frozenset([role])):
                continue
            for method in ("get", "post"):
                theirs = walker.visit(person, _url(door, rival.ids), method)
                assert CANARY not in theirs[1], (role, method, door.route)
                if set(door.parameters) & (rival.ids.keys() - {"module_id"}):
                    missing = walker.visit(person, _url(door, nothing), method)
                    assert theirs[0] == missing[0], (role, method, door.route)
    assert world.fingerprint(rival.organisation.pk) == before


def test_the_walk_would_see_a_canary(sides: tuple[Side, Side, Side]) -> None:
    walker = Walker()
    ours, _, rival = sides
    status, body, _ = walker.visit(ours.people["admin"], f"/partners/{rival.organisation.pk}/")
    assert status == 200
    assert CANARY in body
