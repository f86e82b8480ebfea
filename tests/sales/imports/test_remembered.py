"""What is remembered of a source's words can be looked at and forgotten; files nobody took in are put aside."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.mediafiles import storage
from partners.models import Person
from sales.imports import actions
from sales.imports.models import Import, Match, Name
from tests.partners.factories import sign_in
from tests.sales.imports.factories import DEALS, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]
LIST = "imports:remembered"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return sign_in(Browser(), world.manager)


def learn(world: World, text: str, rep: Person) -> Import:
    """Say once whom a name in a file means."""
    file = world.checked(DEALS + world.deal("D-1", owner=text))
    name = Name.objects.get(file=file, word="")
    actions.match(actor=world.manager, import_id=file.pk, meanings={name.pk: rep})
    return file


def test_a_word_matched_with_the_wrong_person_is_forgotten_and_asked_anew(
    browser: Browser, world: World
) -> None:
    learn(world, "佐藤 あおい", world.suzuki)
    assert "鈴木" in browser.get(reverse(LIST)).content.decode()
    match = Match.objects.get()
    answer = browser.post(reverse("imports:forget", args=[match.pk]), follow=True)
    assert "佐藤あおい" in answer.content.decode()
    assert not Match.objects.exists()
    again = world.checked(DEALS + world.deal("D-1", owner="佐藤 あおい"))
    assert again.counts["left"] == 1
    assert browser.post(reverse("imports:forget", args=[match.pk])).status_code == 404


def test_forgetting_changes_no_figures(browser: Browser, world: World) -> None:
    file = learn(world, "佐藤 あおい", world.sato)
    world.worked(actions.check_again(actor=world.manager, import_id=file.pk))
    world.worked(actions.start(actor=world.manager, import_id=file.pk))
    browser.post(reverse("imports:forget", args=[Match.objects.get().pk]))
    assert Import.objects.get(pk=file.pk).counts["new"] == 1


def test_many_words_ask_no_more_questions_than_one(browser: Browser, world: World) -> None:
    counts = []
    for n in (1, 30):
        for each in range(n):
            Match.objects.get_or_create(
                organisation=world.client,
                source=world.crm,
                kind="person",
                text=f"人{each}",
                rep=world.sato,
            )
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(reverse(LIST)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_file_that_nobody_takes_in_is_put_aside_after_a_month(world: World) -> None:
    old, fresh = world.bring(DEALS + world.deal("D-1")), world.bring(DEALS + world.deal("D-2"))
    taken_in = world.applied(DEALS + world.deal("D-3"))
    long_ago = timezone.now() - dt.timedelta(days=31)
    Import.objects.filter(pk__in=[old.pk, taken_in.pk]).update(brought_at=long_ago)
    assert actions.put_aside_forgotten(timezone.now()) == 1
    assert actions.put_aside_forgotten(timezone.now()) == 0
    assert Import.objects.get(pk=old.pk).state == "cancelled"
    assert Import.objects.get(pk=fresh.pk).state == "mapping"
    assert Import.objects.get(pk=taken_in.pk).state == "applied"
    assert storage.absolute(fresh.path).exists()
