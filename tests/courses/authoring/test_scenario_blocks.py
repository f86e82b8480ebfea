"""A module with a scenario: what keeps it back is told before the button, by the editor and by the page."""

import dataclasses
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from courses.authoring.actions import publications
from courses.catalog.models import Module, ModuleVersion
from courses.progress.publishing import NotPublishableError
from courses.progress.publishing import publish as publish_module
from courses.scenarios.actions import drafting
from courses.scenarios.actions import publishing as scenarios
from courses.scenarios.models import Scenario
from tests.courses.authoring.writing import browser_of, draft, make_author, put, save, text_block
from tests.courses.factories import make_course
from tests.courses.scenarios.factories import changed
from tests.courses.scenarios.factories import put as write
from tests.courses.scenarios.samples import price

pytestmark = pytest.mark.django_db

BLOCK = {"key": "talk0001", "kind": "scenario", "data": {}}


@pytest.fixture
def author() -> Browser:
    """An author's browser."""
    return browser_of(make_author())


@pytest.fixture
def module() -> Module:
    """A drafted module that holds a text and a scenario which nobody has written."""
    module = Module.objects.create(course=make_course(), title="")
    save(module, 0, blocks=[text_block(), BLOCK])
    return module


def _scenario(module: Module) -> Scenario:
    return drafting.create_scenario(module_id=module.pk, by=None)


def _published(module: Module) -> Scenario:
    """Make the module's scenario, written and published with it."""
    scenario = _scenario(module)
    write(scenario, price())
    publications.publish_now(module_id=module.pk, base=1, note="", by=None)
    scenario.refresh_from_db()
    return scenario


def _page(author: Browser, module: Module) -> str:
    return author.get(reverse("authoring:publish", args=[module.pk])).content.decode()


def _told(author: Browser, module: Module) -> list[dict[str, Any]]:
    return author.get(f"/api/authoring/modules/{module.pk}/draft/").json()["problems"]


def _refused(module: Module) -> list[str]:
    with pytest.raises(NotPublishableError) as caught:
        publications.publish_now(module_id=module.pk, base=1, note="", by=None)
    assert not ModuleVersion.objects.exists()
    return [each.message for each in caught.value.problems]


@pytest.mark.parametrize("begun", [False, True])
def test_a_scenario_that_nobody_wrote_is_told_before_publishing_and_leads_to_its_desk(
    author: Browser, module: Module, begun: bool
) -> None:
    if begun:
        _scenario(module)
    (told,) = _told(author, module)
    assert (told["block"], told["field"]) == ("talk0001", "scenario")
    assert "まだ書かれていません" in told["message"]
    assert _refused(module) == [told["message"]]
    page = _page(author, module)
    assert told["message"] in page
    assert reverse("scenario_desk:of_module", args=[module.pk]) in page
    assert 'value="now"' not in page


def test_what_is_saved_is_answered_with_the_same(author: Browser, module: Module) -> None:
    document = draft(blocks=[text_block(), BLOCK], title="ほかの題")
    answer = put(author, module.pk, {"base": 1, "document": document})
    assert [each["field"] for each in answer.json()["problems"]] == ["scenario"]


def test_faults_of_the_scenario_are_named_with_their_scene(author: Browser, module: Module) -> None:
    scenario = _scenario(module)
    write(scenario, changed(price(), "open", choices=(), title="はじめの一言"))
    (told,) = _told(author, module)
    assert "はじめの一言" in told["message"]
    assert told["message"] in _page(author, module)
    assert _refused(module) == [told["message"]]


def test_further_faults_are_counted(author: Browser, module: Module) -> None:
    broken = changed(price(), "open", choices=())
    write(_scenario(module), dataclasses.replace(broken, title=""))
    (told,) = _told(author, module)
    assert "ほか" in told["message"]


def test_a_written_scenario_comes_out_with_its_module(author: Browser, module: Module) -> None:
    scenario = _scenario(module)
    write(scenario, price())
    assert _told(author, module) == []
    publications.publish_now(module_id=module.pk, base=1, note="", by=None)
    scenario.refresh_from_db()
    assert scenario.version is not None


def test_a_published_scenario_keeps_nothing_back_whatever_is_written_next(
    author: Browser, module: Module
) -> None:
    scenario = _published(module)
    write(scenario, changed(price(), "open", choices=()))
    assert _told(author, module) == []


def test_a_scenario_that_was_taken_back_comes_out_again_by_its_own_publication_only(
    author: Browser, module: Module
) -> None:
    scenario = _published(module)
    by = uuid.uuid4()
    scenarios.withdraw(version_id=scenario.version_id, reason="古い価格", by=by)
    save(module, 1, title="新しい題", blocks=[text_block(), BLOCK])
    (told,) = _told(author, module)
    assert (told["block"], told["field"]) == ("talk0001", "scenario")
    assert "取り下げられています" in told["message"]
    page = _page(author, module)
    assert told["message"] in page
    assert reverse("scenario_desk:of_module", args=[module.pk]) in page
    assert 'value="now"' not in page
    for publish in (
        lambda: publications.publish_now(module_id=module.pk, base=2, note="", by=None),
        lambda: publish_module(module_id=module.pk, by=None),
    ):
        with pytest.raises(NotPublishableError) as caught:
            publish()
        assert [each.message for each in caught.value.problems] == [told["message"]]
    scenario.refresh_from_db()
    assert scenario.version is None
    again = scenarios.publish(scenario_id=scenario.pk, by=by).version
    assert _told(author, module) == []
    assert publications.publish_now(module_id=module.pk, base=2, note="", by=None).changed
    scenario.refresh_from_db()
    assert scenario.version == again


def test_without_its_block_a_scenario_that_was_taken_back_keeps_nothing_back(
    author: Browser, module: Module
) -> None:
    scenario = _published(module)
    scenarios.withdraw(version_id=scenario.version_id, reason="古い価格", by=uuid.uuid4())
    save(module, 1)
    assert publications.publish_now(module_id=module.pk, base=2, note="", by=None).changed
    scenario.refresh_from_db()
    assert scenario.version is None


def test_changes_of_the_scenario_are_told_and_lead_to_the_page_that_publishes_them(
    author: Browser, module: Module
) -> None:
    nothing = "いまの内容は、すでに公開されています"
    scenario = _published(module)
    page, leads = _page(author, module), reverse("scenario_desk:publish", args=[scenario.pk])
    assert nothing in page
    assert leads not in page
    write(scenario, changed(price(), "open", text="高すぎます。"))
    page = _page(author, module)
    assert nothing not in page
    assert "シナリオに未公開の変更があります" in page
    assert leads in page
    done = publications.publish_now(module_id=module.pk, base=1, note="", by=None)
    assert not done.changed
    assert leads in _page(author, module), "the module doesn't bring them out"
    save(module, 1)
    assert leads not in _page(author, module), "nobody sees it there any more"
