"""A scenario as a file, published, its versions compared and taken up again; what is wrong is said in words."""

import dataclasses
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from core.models import Notice
from core.scope import CLIENT, scoped
from courses.authoring.scenarios import comparing, prospect
from courses.catalog.models import Module
from courses.scenarios import reading, writing
from courses.scenarios.actions import publishing
from courses.scenarios.document import Choice, Document, Scene
from courses.scenarios.models import Run, Scenario, ScenarioDraft, Withdrawal
from tests.courses.authoring.writing import browser_of, make_author
from tests.courses.scenarios.factories import changed, make_scenario, play, put, republish
from tests.courses.scenarios.samples import price, publishable
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Browser:
    return browser_of(make_author())


def url(name: str, scenario: Scenario, *more: object) -> str:
    return reverse(f"scenario_desk:{name}", args=[scenario.pk, *more])


def draft_of(scenario: Scenario) -> Document:
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


def bring(browser: Browser, scenario: Scenario, data: bytes, **more: object) -> Any:
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    file = SimpleUploadedFile("scenario.json", data)
    return browser.post(
        url("bring", scenario), {"file": file, "base": base, "replace": "on"} | more
    )


def test_what_was_saved_is_taken_back_to_the_byte(author: Browser) -> None:
    scenario = make_scenario(publishable(3), published=False)
    saved = author.get(url("export", scenario))
    put(scenario, price())
    assert bring(author, scenario, saved.content).status_code == 302
    assert draft_of(scenario) == publishable(3)
    assert author.get(url("export", scenario)).content == saved.content


def _dumped(**fields: Any) -> bytes:
    return json.dumps(writing.dump(price()) | fields).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b'{"format": "tomoni-scenario"',
        b"[" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"x" * (16 * 1024 * 1024 + 1),
        _dumped(format="other"),
        _dumped(schema=2),
        _dumped(scenes=[{"key": "sc01", "text": "x" * 5_000}]),
        _dumped(scenes=[{"key": "sc01", "face": "11111111-1111-4111-8111-111111111111"}]),
        _dumped(scenes=[{"key": f"s{n:04}"} for n in range(2_001)]),
        _dumped(scenes=[{"key": "sc01", "choices": [{"key": "c001", "points": 1.5}]}]),
        "値引き".encode("cp932"),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_a_file_that_cannot_be_taken_says_why_and_changes_nothing(
    author: Browser, data: bytes
) -> None:
    scenario = make_scenario(published=False)
    answer = bring(author, scenario, data)
    assert answer.status_code == 422
    assert 'class="err' in answer.content.decode()
    assert draft_of(scenario) == price()


def test_script_in_a_file_is_text_on_every_page(author: Browser) -> None:
    evil = "<script>alert(1)</script>"
    scenario = make_scenario(published=False)
    told = changed(price(), "open", text=evil, title=evil, speaker=evil)
    data = writing.export(dataclasses.replace(told, title=evil, summary=evil))
    assert bring(author, scenario, data).status_code == 302
    for door in ("desk", "map", "publish", "paste", "aces", "preview", "phone"):
        page = author.get(url(door, scenario)).content
        assert b"<script>alert" not in page, door
        assert b"&lt;script&gt;alert" in page, door


def test_missing_pictures_can_be_left_out(author: Browser) -> None:
    scenario = make_scenario(published=False)
    gone = changed(price(), "open", picture="11111111-1111-4111-8111-111111111111")
    assert bring(author, scenario, writing.export(gone)).status_code == 422
    put(scenario, publishable(1))
    taken = bring(author, scenario, writing.export(gone), without_files="on")
    assert taken.status_code == 302
    assert draft_of(scenario) == price()


def test_publishing_says_what_it_means_and_then_that_nothing_is_new(author: Browser) -> None:
    scenario = make_scenario()
    rep = make_person(make_partner(), roles=["rep"])
    with scoped(CLIENT):
        play(rep, scenario, "ask1")
        put(scenario, changed(price(), "weak", text="いかがでした?"))
    page = author.get(url("publish", scenario)).content.decode()
    assert "いかがでした" in page
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    late = author.post(url("publish", scenario), {"base": base - 1, "note": "言い方"})
    assert late.status_code == 422
    assert "言い方" in late.content.decode()
    for number in (2, 2):
        done = author.post(url("publish", scenario), {"base": base}, follow=True)
        assert done.status_code == 200
        scenario.refresh_from_db()
        assert scenario.version.number == number


def test_errors_block_and_lead_to_their_place(author: Browser) -> None:
    scenario = make_scenario(changed(price(), "deal", limit=None, choices=()), published=False)
    page = author.get(url("publish", scenario)).content.decode()
    assert "?scene=deal" in page
    assert 'name="note"' not in page
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    answer = author.post(url("publish", scenario), {"base": base})
    assert answer.status_code == 422
    assert not scenario.versions.exists()


def test_the_prospect_is_what_settling_then_does() -> None:
    scenario = make_scenario()
    rep = make_person(make_partner(), roles=["rep"])
    with scoped(CLIENT):
        play(rep, scenario, "ask1")
        words = changed(price(), "weak", text="いかが?")
        assert prospect.of(scenario, words).adopted == 1
        more = dataclasses.replace(price().scenes[0].choices[2], points=7)
        points = changed(price(), "open", choices=(*price().scenes[0].choices[:2], more))
        assert prospect.of(scenario, points).offered == 1
        gone = changed(price(), "open", choices=price().scenes[0].choices[1:])
        assert prospect.of(scenario, gone).superseded == 1


def test_an_earlier_version_is_compared_and_taken_up_again(author: Browser) -> None:
    scenario = make_scenario()
    republish(scenario, changed(price(), "weak", text="いかがでした?"))
    assert "いかがでした" in author.get(url("version", scenario, 2)).content.decode()
    assert author.get(url("version", scenario, 1), {"with": "now"}).status_code == 200
    saved = author.get(url("save_version", scenario, 1))
    assert writing.take_in(saved.content) == price()
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    author.post(url("restore_version", scenario, 1), {"base": base - 1})
    assert draft_of(scenario) != price()
    author.post(url("restore_version", scenario, 1), {"base": base})
    assert draft_of(scenario) == price()
    assert author.get(url("version", scenario, 9)).status_code == 404


def test_only_an_admin_takes_a_version_back_and_says_why() -> None:
    client = make_client()
    scenario = make_scenario()
    rep = make_person(make_partner(), roles=["rep"])
    with scoped(CLIENT):
        run = play(rep, scenario, "ask1")
    door = url("withdraw", scenario, 1)
    assert browser_of(make_person(client, roles=["author"])).get(door).status_code == 404
    admin = browser_of(make_person(client, roles=["admin"]))
    assert "1" in admin.get(door).content.decode()
    assert admin.post(door, {"reason": " "}).status_code == 422
    assert admin.post(door, {"reason": "害がある"}, follow=True).status_code == 200
    assert Withdrawal.objects.get().reason == "害がある"
    with scoped(CLIENT):
        assert Run.objects.get(pk=run.pk).state != Run.State.OPEN


def test_who_published_is_told_that_it_was_taken_back_and_why() -> None:
    author = make_person(make_client(), roles=["author"])
    admin = sign_in(Browser(), make_person(make_client(), roles=["admin"]))
    scenario = make_scenario(published=False)
    with scoped(CLIENT):
        publishing.publish(scenario_id=scenario.pk, by=author.pk)
    admin.post(url("withdraw", scenario, 1), {"reason": "うその約束"})
    notice = Notice.objects.get(kind="authoring.scenario_taken_back")
    assert notice.person_id == author.pk
    assert "うその約束" in sign_in(Browser(), author).get("/notices/").content.decode()


def test_a_draft_that_says_what_was_taken_back_as_harmful_is_told_so(author: Browser) -> None:
    scenario = make_scenario()
    told = "有害なため取り下げた第1版とまったく同じです。取り下げた理由：うその約束"
    with scoped(CLIENT):
        by = make_person(make_partner()).pk
        assert told not in author.get(url("publish", scenario)).content.decode()
        publishing.withdraw(version_id=scenario.version_id, reason="うその約束", by=by)
    assert told in author.get(url("publish", scenario)).content.decode()
    Withdrawal.objects.update(reason="別の版")
    ScenarioDraft.objects.filter(scenario=scenario).update(doc_sha256="0" * 64)
    assert "とまったく同じです" not in author.get(url("publish", scenario)).content.decode()


def test_the_worker_s_proof_is_shown(author: Browser) -> None:
    scenario = make_scenario()
    with scoped(CLIENT):
        publishing.prove(version_id=scenario.version_id)
    for page in (url("publish", scenario), url("version", scenario, 1)):
        assert "10000" in author.get(page).content.decode().replace(",", "")


def test_a_module_that_is_out_and_unchanged_is_not_to_be_published(author: Browser) -> None:
    scenario = make_scenario()
    leads = f'href="{reverse("authoring:publish", args=[scenario.module_id])}"'
    for text in ("いかがでした?", "どうでした?"):
        assert leads not in author.get(url("publish", scenario)).content.decode()
        republish(scenario, changed(price(), "weak", text=text))
    assert leads not in author.get(url("publish", scenario)).content.decode()
    with scoped(CLIENT):
        Module.objects.filter(pk=scenario.module_id).update(title="別の題名")
    assert leads in author.get(url("publish", scenario)).content.decode()


def test_a_version_that_is_ready_leads_to_its_module(author: Browser) -> None:
    scenario = make_scenario(published=False)
    waits = "モジュール自体がまだ公開されていません"
    assert waits in author.get(url("publish", scenario)).content.decode()
    with scoped(CLIENT):
        publishing.publish(scenario_id=scenario.pk, by=None)
    page = author.get(url("publish", scenario)).content.decode()
    assert "第1版の準備ができています" in page
    assert waits not in page
    assert "すでに公開されています" not in page
    leads = reverse("authoring:publish", args=[scenario.module_id])
    assert page.count(f'href="{leads}"') == 1
    assert f'<a class="btn" href="{leads}">' in page


@pytest.mark.parametrize("name", ["versions", "publish", "paste", "bring"])
def test_pages_take_the_same_queries_however_much_there_is(
    author: Browser, django_assert_max_num_queries: Any, name: str
) -> None:
    scenario = make_scenario()
    rep = make_person(make_partner(), roles=["rep"])

    def visit() -> int:
        with django_assert_max_num_queries(16) as counted:
            assert author.get(url(name, scenario)).status_code == 200
        return len(counted)

    with scoped(CLIENT):
        play(rep, scenario, "ask1")
        put(scenario, changed(price(), "weak", text="新しい"))
    visit()
    few = visit()
    for number in range(3):
        republish(scenario, changed(price(), "weak", text=f"{number}?"))
        with scoped(CLIENT):
            play(make_person(rep.organisation, roles=["rep"]), scenario, "wait")
    with scoped(CLIENT):
        put(scenario, changed(price(), "weak", text="また新しい"))
    assert visit() == few


def test_a_comparison_names_what_changed() -> None:
    old = price()
    new = changed(
        old,
        "weak",
        choices=(Choice("back", "戻る。", quality="ok", points=3, to="deal"),),
        text="それで?",
    )
    new = dataclasses.replace(
        new, scenes=(*new.scenes[:-1], Scene("more", text="追加", choices=())), start="deal"
    )
    groups = {each.name: each for each in comparing.between(old, new)}
    states = [each.state for each in comparing.between(old, new)]
    assert states.count("added") == 1
    assert states.count("removed") == 1
    said = [part.label for each in groups.values() for part in each.parts]
    assert len(said) == len(set(said)) or len(said) > 6
    assert not comparing.between(old, old)
