"""Every page that anybody can reach: WCAG by axe, widths, headings, targets, one language."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from core.models import Asset, MailboxMessage
from core.scope import CLIENT, scoped
from courses.scenarios.models import Scenario
from partners.actions.invitations import invite
from partners.actions.links import send_link
from partners.models import Person
from tests.architecture import world
from tests.browser import walk
from tests.browser.learner import make_lesson
from tests.browser.people import newest_link
from tests.courses.factories import make_course
from tests.partners.factories import make_person
from tests.plugin.browser import complaints_of
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

ROLES = {"": 15, "rep": 12, "author": 3, "admin": 20}
"""Who walks, "" being a stranger, and how many pages they see at least."""


@dataclasses.dataclass(frozen=True)
class Look:
    """How pages are looked at; at each of the widths, and by axe at the last one."""

    device: str
    language: str
    scheme: str
    widths: tuple[int, ...]


LOOKS = {
    "phone": Look("phone", "ja", "light", (1280, 1024, 320, 360)),
    "desktop": Look("desktop", "en", "dark", (320, 360, 1024, 1280)),
}


@dataclasses.dataclass(frozen=True)
class World:
    """The people of the walk, and what their pages are about."""

    people: dict[str, Any]
    ids: dict[str, Any]
    more: dict[str, list[str]]


@pytest.fixture
def small_world(site: Site, language: str) -> World:
    """Two organisations with a lesson, a video, an attempt, mail and parked work; all speak one language."""
    ours, mine, _ = world.build()
    Person.objects.update(language=language)
    ids = {**mine.ids, "module_id": make_lesson(course=make_course("価格の対話")).pk}
    ids["core:video"] = Asset.objects.get(kind="video").pk
    with scoped(CLIENT):
        newcomer = make_person(
            mine.organisation, sign_in=False, email="new@example.com", language=language
        )
        invite(actor=ours.people["admin"], people=[newcomer], by_mail=True)
        send_link(address=mine.people["rep"].email, next_url="")
    scenario = Scenario.objects.get()
    organisation, person = f"organisation={mine.organisation.pk}", f"/people/{newcomer.pk}/"
    more = {
        "": ["/learn/", "/nothing/here/", "/api/v1/docs/"],
        "rep": [
            f"/modules/{scenario.module_id}/scenario/",
            "/record/?view=points",
            "/ranking/?by=team",
            "/ranking/?by=partner",
        ],
        "author": [f"/assignments/new/?module={ids['module_id']}"],
        "admin": [
            *(person, f"{person}move/?{organisation}", f"/people/new/?{organisation}"),
            f"/reports/scenarios/{scenario.pk}/?organisation={ours.organisation.pk}",
        ],
    }
    people = {role: (mine if role == "rep" else ours).people.get(role) for role in ROLES}
    site.worker.wait_until_idle()
    # Mail about what is assigned names modules, and theirs are Japanese.
    MailboxMessage.objects.filter(subject__contains="モジュール").delete()
    return World(people, ids, more)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES, ids=["stranger", "rep", "author", "admin"])
@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
class TestEveryPage:
    """One test for each role and look; it goes on after a page with troubles and tells all."""

    @pytest.fixture
    def device(self, look: Look) -> str:
        """The look's device."""
        return look.device

    @pytest.fixture
    def language(self, look: Look) -> str:
        """The look's language."""
        return look.language

    def test_is_open_to_everybody(
        self,
        small_world: World,
        role: str,
        look: Look,
        axe: Axe,
        new_context: Callable[..., BrowserContext],
        sign_in: SignIn,
    ) -> None:
        context = new_context(color_scheme=look.scheme, reduced_motion="reduce")
        if role:
            sign_in(context, small_world.people[role].account)
        page = context.new_page()
        complaints = complaints_of(page)
        found = {
            address: list(_look(page, look, axe)) for address in _stops(page, small_world, role)
        }
        lines = [f"{address} {line}" for address, all_ in found.items() for line in all_]
        assert not lines + complaints, "\n".join(lines + complaints)
        assert len(found) >= ROLES[role]


def test_axe_tells_what_it_finds(page: Page, axe: Axe) -> None:
    page.set_content('<html lang="ja"><title>x</title><main><h1>x</h1><img src="x.png"></main>')
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def _stops(page: Page, small: World, role: str) -> Iterator[str]:
    """Yield the addresses of the walk, each page once."""
    visited: set[str] = set()
    addresses = [stop.url for stop in walk.stops(role, small.ids)] + small.more[role]
    if not role:
        addresses += [
            newest_link(page, each) for each in ("new@example.com", small.people["rep"].email)
        ]
    for address in addresses:
        page.goto(address)
        if page.url not in visited:
            visited.add(page.url)
            yield address


def _look(page: Page, look: Look, axe: Axe) -> Iterator[str]:
    """Yield what is wrong with the page that is open."""
    for width in look.widths:
        yield from walk.troubles(page, width, look.language)
    try:
        axe(page)
    except AssertionError as found:
        yield str(found)
