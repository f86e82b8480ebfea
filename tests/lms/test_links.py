"""Every link on a page of progress, reports or sales opens something for whoever reads the page."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from partners.models import Person
from partners.roles import of_kind
from tests.analytics.factories import catch_up
from tests.architecture import world
from tests.architecture.doors import doors
from tests.partners.factories import sign_in

pytestmark = pytest.mark.django_db

PAGES = ("team/", "progress/", "reports/", "sales/", "assignments/")


class Reader:
    """Somebody who opens pages and remembers which there were."""

    def __init__(self, person: Person) -> None:
        self.browser = sign_in(Browser(), person)
        self.answers: dict[str, Any] = {}

    def ask(self, url: str) -> Any:
        """Return what is there; nothing is asked for twice."""
        if url not in self.answers:
            self.answers[url] = self.browser.get(url)
        return self.answers[url]

    def links(self, url: str) -> set[str]:
        """Return where a page leads, those of other sites left out; nothing of what is no page."""
        response = self.ask(url)
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            return set()
        found = re.findall(r'<a\b[^>]*? href="([/?][^"#]*)', response.content.decode())
        path = url.partition("?")[0]
        plain = (address.replace("&amp;", "&") for address in found)
        return {path + address if address[0] == "?" else address for address in plain}

    def opens(self, url: str) -> bool:
        """Say whether something is there."""
        return bool(self.ask(url).status_code != 404)


def dead(person: Person, ids: dict[str, Any]) -> set[tuple[str, str]]:
    """Return which links, on which pages, lead somebody nowhere."""
    reader = Reader(person)
    pages = [
        door.url(world.values_for(door.name, door.parameters, ids))
        for door in doors()
        if door.route.startswith(PAGES)
        and door.access
        and door.access.admits(frozenset(person.roles))
    ]
    return {
        (page, url) for page in pages for url in sorted(reader.links(page)) if not reader.opens(url)
    }


def test_every_link_of_each_report_opens_something(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ours, mine, _rival = world.build()
    catch_up()
    found = {
        (side.organisation.kind, role): shut
        for side in (ours, mine)
        for role in of_kind(side.organisation.kind)
        if (shut := dead(side.people[role], side.ids))
    }
    assert found == {}
