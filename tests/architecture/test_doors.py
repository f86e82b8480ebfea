"""Every address as every role: nobody comes in who may not."""

from typing import Any

import pytest
from django.test import Client as Browser

from partners.models import Person
from tests.architecture import world
from tests.architecture.doors import REGISTER, Door, doors, lines
from tests.architecture.shared import Sides, built, sides
from tests.architecture.world import CANARY
from tests.isolation.plan import OPEN, TRUTHFUL
from tests.partners.factories import sign_in

__all__ = ["built", "sides"]  # fixtures

ENDS_SESSION = {"/accounts/logout/"}


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


def _url(door: Door, ids: dict) -> str:
    return door.url(world.values_for(door.name, door.parameters, ids))


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(sides: Sides, method: str) -> None:
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


@pytest.mark.parametrize(("at", "method", "least"), [(0, "get", 200), (1, "post", 500)])
def test_the_wrong_role_finds_nothing(sides: Sides, at: int, method: str, least: int) -> None:
    walker, side, visits = Walker(), sides[at], 0
    for role, person in side.people.items():
        for door in doors():
            if door.access is None or door.access.admits(frozenset([role])):
                continue
            status, _, _ = walker.visit(person, _url(door, side.ids), method)
            assert status == 404, (role, door.route, status)
            visits += 1
    assert visits > least


def test_the_clients_people_get_an_answer(sides: Sides) -> None:
    """What a partner's people get, with and without a rival, `tests/isolation` tells."""
    walker, side = Walker(), sides[0]
    for role, person in side.people.items():
        for door in doors():
            if door.access is None or not door.access.admits(frozenset([role])):
                continue
            status, _, _ = walker.visit(person, _url(door, side.ids))
            assert status < 500 or door.name in TRUTHFUL, (role, door.route, status)
            if "<" not in door.route and door.name not in OPEN | TRUTHFUL:
                assert status in (200, 302, 304, 404, 405), (role, door.route, status)


def test_the_walk_would_see_a_canary(sides: Sides) -> None:
    walker = Walker()
    ours, _, rival = sides
    status, body, _ = walker.visit(ours.people["admin"], f"/partners/{rival.organisation.pk}/")
    assert status == 200
    assert CANARY in body
