"""Pages of imports, through the front door: who may come, and the way from a file to its undo."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sales.actions.setup import choose_record
from sales.imports import queries, working
from sales.imports.models import Import, Match, Name
from sales.models import Opportunity, Source
from tests.partners.factories import make_person, sign_in
from tests.sales.factories import make_product
from tests.sales.imports.factories import COUNTS, DEALS, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return sign_in(Browser(), world.manager)


def bring(browser: Browser, world: World, content: str) -> str:
    answer = browser.post(
        reverse("imports:new"),
        {
            "source": str(world.crm.pk),
            "grain": "opportunity",
            "file": SimpleUploadedFile("商談.csv", content.encode("cp932")),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    working.work()
    return answer["Location"]


def columns(file: Import) -> dict[str, str]:
    return {f"c{index}": key for key, index in file.mapping["columns"].items()} | {
        "currency": "JPY"
    }


def test_a_file_goes_from_its_arrival_to_its_undo(browser: Browser, world: World) -> None:
    address = bring(browser, world, DEALS + world.deal("D-1") + world.deal("D-2", amount="１２万"))
    file = Import.objects.get()
    assert "商談ID" in browser.get(address).content.decode()
    browser.post(reverse("imports:columns", args=[file.pk]), columns(file))
    assert "更新する" in browser.get(address).content.decode()
    working.work()
    page = browser.get(address).content.decode()
    assert "まだ何も変更していません" in page
    assert "数字として読めません" in page
    browser.post(reverse("imports:start", args=[file.pk]))
    working.work()
    assert "この取り込みを元に戻す" in browser.get(address).content.decode()
    assert Opportunity.objects.count() == 1
    undo = reverse("imports:undo", args=[file.pk])
    assert f'href="{undo}"' in browser.get(address).content.decode()
    assert "新しい行が1行" in browser.get(undo).content.decode()
    assert Opportunity.objects.exists(), "nothing is taken back by asking"
    browser.post(undo)
    working.work()
    assert "元に戻しました" in browser.get(address).content.decode()
    assert not Opportunity.objects.exists()


def test_what_new_deals_lack_in_every_row_is_said_once_and_before(
    browser: Browser, world: World
) -> None:
    address = bring(browser, world, (DEALS + world.deal("D-1")).replace("担当者", "ひと"))
    file = Import.objects.get()
    said = "担当者の列が選ばれていません"
    assert said in browser.get(address).content.decode()
    browser.post(reverse("imports:columns", args=[file.pk]), columns(file))
    working.work()
    page = browser.get(address).content.decode()
    assert said in page
    assert reverse("imports:start", args=[file.pk]) not in page


def test_a_file_of_which_nothing_can_be_taken_in_is_not_called_ready(
    browser: Browser, world: World
) -> None:
    address = bring(browser, world, DEALS + world.deal("D-1", amount="１２万"))
    file = Import.objects.get()
    browser.post(reverse("imports:columns", args=[file.pk]), columns(file))
    working.work()
    assert reverse("imports:start", args=[file.pk]) not in browser.get(address).content.decode()
    listed = browser.get(reverse("imports:imports")).content.decode()
    assert "取り込めます" not in listed
    assert ">直す行<" in listed


def test_one_row_is_counted_as_one_in_english(browser: Browser, world: World) -> None:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = bring(browser, world, DEALS + world.deal("D-1") + world.deal("D-2", amount="１２万"))
    file = Import.objects.get()
    browser.post(reverse("imports:columns", args=[file.pk]), columns(file))
    working.work()
    assert "Take the 1 good row in" in browser.get(address).content.decode()
    browser.post(reverse("imports:start", args=[file.pk]))
    working.work()
    undo = reverse("imports:undo", args=[file.pk])
    assert "1 row was new and 0 changed" in browser.get(undo).content.decode()
    browser.post(undo)
    working.work()
    page = browser.get(address).content.decode()
    assert "1 figure that was new is gone, 0 put back" in page


def test_only_the_clients_sales_managers_and_administrators_may(world: World) -> None:
    file = world.bring(DEALS + world.deal("D-1"))
    address = reverse("imports:import", args=[file.pk])
    for person, status in (
        (world.manager, 200),
        (make_person(world.client, roles=["admin"]), 200),
        (make_person(world.client, roles=["rep"]), 404),
        (make_person(world.partner, roles=["manager"]), 404),
        (make_person(world.partner, roles=["sales_manager"]), 404),
        (make_person(world.partner, roles=["admin"]), 404),
    ):
        assert sign_in(Browser(), person).get(address).status_code == status


def test_a_new_source_may_be_named_with_the_file(browser: Browser, world: World) -> None:
    content = SimpleUploadedFile("a.csv", (DEALS + world.deal("D-1")).encode())
    form = {"source": "", "new_source": "kintone", "grain": "opportunity", "file": content}
    assert browser.post(reverse("imports:new"), form).status_code == 302
    assert Import.objects.get().source == Source.objects.get(name="kintone")


def test_one_source_is_asked_for_and_nothing_needed_is_called_optional(
    browser: Browser, world: World
) -> None:
    address = reverse("imports:new")
    assert "任意" not in browser.get(address).content.decode()
    both = {"source": str(world.crm.pk), "new_source": "kintone", "grain": "activity"}
    assert "上で「新しい出どころ」を選んでください" in browser.post(address, both).content.decode()

    Source.objects.filter(pk=world.crm.pk).update(is_archived=True)
    page = browser.get(address).content.decode()
    assert "任意" not in page
    assert 'name="source"' not in page
    assert "出どころの名前を書いてください" in browser.post(address).content.decode()
    file = SimpleUploadedFile("a.csv", COUNTS.encode())
    named = {"grain": "activity", "new_source": "日報", "file": file}
    assert browser.post(address, named).status_code == 302


def test_the_product_is_asked_for_where_it_can_be_chosen(browser: Browser, world: World) -> None:
    file = world.bring("日付,担当者,架電数\n2026/06/01,佐藤 葵,3\n", "activity")
    page = browser.get(reverse("imports:import", args=[file.pk])).content.decode()
    assert f'<option value="{world.product.pk}" selected>' in page, "it is the only one"
    assert "任意" not in page
    make_product("カナデ保守")
    page = browser.get(reverse("imports:import", args=[file.pk])).content.decode()
    assert f'<option value="{world.product.pk}" selected>' not in page
    answer = browser.post(reverse("imports:columns", args=[file.pk]), columns(file))
    assert answer.context["form"].errors.keys() == {"product"}
    assert "ここで商品を選ぶか" in answer.content.decode()


def test_a_file_without_known_columns_says_so(browser: Browser, world: World) -> None:
    for rows, is_told in (("K1,K2\na,b\n", True), (DEALS + world.deal("D-1"), False)):
        file = world.bring(rows)
        page = browser.get(reverse("imports:import", args=[file.pk])).content.decode()
        assert ("最初の行を列の名前として読みました" in page) is is_told


def test_counts_of_a_day_are_shown_without_a_deal_id(browser: Browser, world: World) -> None:
    deals, counts = (
        world.checked(DEALS + world.deal("D-1")),
        world.checked(COUNTS + world.count("2026/06/01"), "activity"),
    )
    for file, has_ids in ((deals, True), (counts, False)):
        page = browser.get(reverse("imports:import", args=[file.pk])).content.decode()
        assert ("商談ID" in page) is has_ids


def test_what_was_typed_stays_when_something_is_missing(browser: Browser) -> None:
    answer = browser.post(reverse("imports:new"), {"source": "", "grain": "activity"})
    assert answer.status_code == 422
    assert "出どころを選ぶか" in answer.content.decode()
    assert "入力した内容は残っています。" in answer.content.decode()


def test_a_file_has_to_be_chosen_again_when_something_is_missing(browser: Browser) -> None:
    content = SimpleUploadedFile("a.csv", DEALS.encode())
    form = {"source": "", "grain": "activity", "file": content}
    page = browser.post(reverse("imports:new"), form).content.decode()
    assert "ファイルのほかは残っています。ファイルをもう一度選んでください。" in page
    assert (
        '<p class="s dim" data-all-here="入力した内容は残っています。">' in page
    )  # where a script keeps it


def test_a_column_that_is_needed_is_asked_for(browser: Browser, world: World) -> None:
    bring(browser, world, DEALS + world.deal("D-1"))
    file = Import.objects.get()
    answer = browser.post(
        reverse("imports:columns", args=[file.pk]), {"c1": "person", "c2": "person"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "商談ID" in page
    assert "同じ意味になっています" in page


def test_a_person_is_looked_for_and_matched(browser: Browser, world: World) -> None:
    content = DEALS + world.deal("D-1", owner="佐藤 あおい")
    file = world.checked(content)
    names = browser.get(reverse("imports:names", args=[file.pk])).content.decode()
    assert "佐藤 あおい" in names
    name = Name.objects.get(file=file, word="")
    address = reverse("imports:person", args=[file.pk, name.pk])
    assert str(world.sato.pk) in browser.get(address).content.decode()
    browser.post(address, {"person": str(world.sato.pk)})
    assert world.worked(file).counts["new"] == 1


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("misaki.takahashi@mirai.example", ["高橋", "高橋"]),  # the one with both words first
        ("mirai@mirai.example", []),
        ("mi", []),
        ("佐藤 あおい", ["佐藤"]),
        ("E-00123", []),
    ],
)
def test_only_people_who_could_be_meant_are_proposed(
    browser: Browser, world: World, text: str, proposed: list[str]
) -> None:
    for family, given, email in (
        ("高橋", "陸", "riku-takahashi@tomoni.example"),
        ("高橋", "美咲", "takahashi.misaki.2@tomoni.example"),
        ("青木", "直樹", "aoki@mirai.example"),
    ):
        make_person(world.partner, family_name=family, given_name=given, email=email, sign_in=False)
    file = world.checked(DEALS + world.deal("D-1", owner=text))
    name = Name.objects.get(file=file, word="")
    answer = browser.get(reverse("imports:person", args=[file.pk, name.pk]))
    assert [each.family_name for each in answer.context["people"]] == proposed
    if len(proposed) > 1:
        assert answer.context["people"][0].given_name == "美咲"


@pytest.mark.parametrize("then", ["", "check", "person"])
def test_every_way_on_from_the_words_keeps_what_was_chosen(
    browser: Browser, world: World, then: str
) -> None:
    strange = world.deal("D-1", owner="佐藤 あおい") + world.deal("D-2", stage="内示")
    file = world.checked(DEALS + strange)
    person, stage = Name.objects.filter(file=file, word="").order_by("kind")
    address = reverse("imports:names", args=[file.pk])
    page = browser.get(address).content.decode()
    value = str(person.pk) if then == "person" else then
    assert not value or f'name="then" value="{value}"' in page
    answer = browser.post(address, {f"n{stage.pk}": "won", "then": value})
    leads = {
        "": address,
        "check": reverse("imports:import", args=[file.pk]),
        "person": reverse("imports:person", args=[file.pk, person.pk]),
    }
    assert answer["Location"] == leads[then]
    assert Match.objects.get(kind="stage").word == "won"
    assert Import.objects.get().state == ("checking" if then == "check" else "checked")


def test_turning_the_page_keeps_what_was_chosen_and_passes_no_word_over(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    stages = ("内示", "見送り中", "再提案", "役員会", "最終")
    file = world.checked(DEALS + "".join(world.deal(f"D-{n}", stage=stages[n]) for n in range(5)))
    address = reverse("imports:names", args=[file.pk])
    listed = [name.pk for name in queries.unknown_page(file, "1")]
    page = browser.get(address).content.decode()
    assert 'name="then" value="on"' in page
    assert 'rel="next"' not in page
    assert browser.post(address, {"then": "on"})["Location"] == f"{address}?page=2"
    kept = browser.post(address, {f"n{listed[0]}": "won", "then": "on"})
    assert Match.objects.get(kind="stage").word == "won"
    assert kept["Location"] == address  # what stood on the second page begins on the first now
    back = browser.post(f"{address}?page=2", {"then": "back"})
    assert back["Location"] == address


def test_what_a_word_means_is_asked_for_where_it_can_still_be_said(
    browser: Browser, world: World
) -> None:
    before, after = "ファイルを選びなおす必要はありません", "このファイルをもう一度選び"
    file = world.checked(DEALS + world.deal("D-1") + world.deal("D-2", owner="佐藤 あおい"))
    address = reverse("imports:import", args=[file.pk])
    page = browser.get(address).content.decode()
    assert before in page
    assert after not in page
    for act in ("start", "undo"):
        browser.post(reverse(f"imports:{act}", args=[file.pk]))
        working.work()
        page = browser.get(address).content.decode()
        assert before not in page
        assert after in page


def test_a_source_that_isnt_counted_says_so_until_it_is(browser: Browser, world: World) -> None:
    none, some = (
        "この出どころの数字は、まだ集計に使われていません",
        "集計に使われていないものがあります",
    )
    world.crm = Source.objects.create(name="営業日報")
    file = world.checked(COUNTS + world.count(f"{timezone.now():%Y-%m-01}"), "activity")
    address = reverse("imports:import", args=[file.pk])
    assert none in browser.get(address).content.decode()
    browser.post(reverse("imports:start", args=[file.pk]))
    working.work()
    page = browser.get(address).content.decode()
    assert none in page
    counting = reverse("sales:count_source", args=[world.crm.pk])
    assert f'href="{counting}?what=calls.activity&amp;what=leads.activity"' in page
    funnel = browser.get(reverse("sales:funnel")).content.decode()
    assert "まだ集計に使われていない数字があります" in funnel
    assert f'<a href="{counting}"><bdi>営業日報' in funnel

    for measure, said in (("calls", [some, '?what=leads.activity"']), ("leads", [])):
        choose_record(
            actor=world.manager, measure=measure, source_id=world.crm.pk, grain="activity"
        )
        page = browser.get(address).content.decode()
        assert none not in page
        assert all(each in page for each in said)
    assert some not in page
    assert (
        "まだ集計に使われていない数字" not in browser.get(reverse("sales:funnel")).content.decode()
    )


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({}, ["won", "lost", "amount"]),
        ({"appointment_at": 5}, ["appointments", "won", "lost", "amount"]),
    ],
)
def test_what_deals_tell_is_named_by_their_columns(
    world: World, cells: dict[str, int], told: list[str]
) -> None:
    file = world.bring(DEALS + world.deal("D-1"))
    file.mapping["columns"] |= cells
    assert queries.told(file) == (told, []), "all of it is counted from this CRM"


def test_problems_are_a_list_and_a_file_whose_formulas_stay_text(
    browser: Browser, world: World
) -> None:
    file = world.checked(DEALS + world.deal("D-1", amount="=1+1"))
    assert browser.get(reverse("imports:troubles", args=[file.pk])).status_code == 200
    content = browser.get(reverse("imports:troubles_file", args=[file.pk])).content.decode()
    assert ",'=1+1," in content
    assert content.startswith("\ufeff")


def test_lists_ask_the_same_number_of_questions_for_one_and_for_many(
    browser: Browser, world: World
) -> None:
    counts = []
    for n in (1, 29):
        for _ in range(n):
            world.bring(DEALS + world.deal("D-1"))
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(reverse("imports:imports")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
