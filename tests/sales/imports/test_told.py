"""What a page says of a file beside its rows: what isn't counted, what isn't read, and what is wrong in which words."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from sales import measures
from sales.actions.setup import choose_local_record
from sales.imports import queries
from sales.imports.models import Import
from sales.models import Opportunity, Source
from sales.queries import setup
from tests.partners.factories import make_partner, make_person, sign_in
from tests.sales.imports.factories import COUNTS, DEALS, World, counted, troubles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def page_of(world: World, file: Import) -> str:
    """Return the page of a file, as who brought it reads it."""
    browser = sign_in(Browser(), world.manager)
    return browser.get(reverse("imports:import", args=[file.pk])).content.decode()


def today() -> str:
    return f"{timezone.now():%Y-%m-01}"


def test_figures_that_count_elsewhere_only_are_told_as_not_counted(world: World) -> None:
    far = make_partner("遠い会社")
    world.crm = Source.objects.create(name="営業日報")
    for measure in ("calls", "leads"):
        choose_local_record(
            actor=world.manager,
            organisation_id=far.pk,
            measure=measure,
            source_id=world.crm.pk,
        )
    file = world.checked(COUNTS + world.count(today()), "activity")
    assert file.companies == [str(world.partner.pk)]
    assert queries.told(file)[1] == [queries.Uncounted(each, ()) for each in ("calls", "leads")]
    assert "この出どころの数字は、まだ集計に使われていません" in page_of(world, file)


def test_the_company_whose_figures_arent_counted_is_named(world: World) -> None:
    far = make_partner("遠い会社")
    there = make_person(far, family_name="遠藤", given_name="遥", sign_in=False)
    world.crm = Source.objects.create(name="営業日報")
    choose_local_record(
        actor=world.manager,
        organisation_id=world.partner.pk,
        measure="calls",
        source_id=world.crm.pk,
    )
    rows = world.count(today()) + world.count(today(), owner=f"{there.family_name} 遥")
    file = world.checked(COUNTS + rows, "activity")
    assert queries.told(file)[1] == [
        queries.Uncounted("calls", ["遠い会社"]),
        queries.Uncounted("leads", ()),
    ]
    page = page_of(world, file)
    assert "<bdi>遠い会社</bdi>" in page
    assert "集計に使われていないものがあります" in page


def test_companies_are_found_of_more_people_than_a_statement_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = make_person(make_partner("遠い会社"), sign_in=False)
    monkeypatch.setattr(queries, "_AT_ONCE", 1)
    found = queries.companies_of({world.sato.pk, world.suzuki.pk, there.pk})
    assert found == sorted([str(world.partner.pk), str(there.organisation_id)])


def test_a_deal_tells_of_the_company_of_whoever_has_it(world: World) -> None:
    file = world.checked(DEALS + world.deal("D-1"))
    assert file.companies == [str(world.partner.pk)]
    assert world.checked(DEALS + world.deal("D-1", owner="だれか")).companies == []


@pytest.mark.parametrize(
    ("content", "grain", "told"),
    [("counts", "activity", ["calls"]), ("deals", "opportunity", [*measures.OF_DEALS])],
)
def test_what_only_a_companys_own_record_leaves_uncounted_is_found(
    world: World, content: str, grain: str, told: list[str]
) -> None:
    diary = Source.objects.create(name="営業日報")
    row = world.deal("D-1") if content == "deals" else world.count(today())
    world.applied((DEALS if content == "deals" else COUNTS) + row, grain)
    assert setup.uncounted_sources() == []
    for measure in told:
        assert setup.uncounted_sources() == [], "of a deal something is counted still"
        choose_local_record(
            actor=world.manager,
            organisation_id=world.partner.pk,
            measure=measure,
            source_id=diary.pk,
        )
    assert [each.pk for each in setup.uncounted_sources()] == [world.crm.pk]


def test_columns_that_arent_read_are_named(world: World) -> None:
    header = COUNTS.replace("リード", "キーマン接触,天気")
    file = world.checked(header + world.count(today(), leads="3,晴れ"), "activity")
    assert {"calls", "key_persons"} <= file.mapping["columns"].keys()
    page = page_of(world, file)
    assert "読み取らない列が 1列あります（天気）" in page
    assert "読み取らない列" not in page_of(world, world.checked(DEALS + world.deal("D-1")))


def test_what_was_decided_may_stand_beside_the_stage(world: World) -> None:
    def row(key: str, stage: str, result: str) -> str:
        closed = "2026/06/20" if result else ""
        return f"{key},佐藤 葵,{world.product.code},2026/06/01,{stage},{result},{closed},120000\n"

    head = "商談ID,担当者,商品コード,商談開始日,ステージ,結果,完了日,金額\n"
    rows = [("A", "アポ", "受注"), ("B", "提案", ""), ("C", "", "失注"), ("D", "商談中", "失注")]
    file = world.applied(head + "".join(row(*each) for each in rows))
    assert counted(file) == (4, 0, 0, 0)
    found = dict(Opportunity.objects.values_list("external_id", "outcome"))
    assert found == {"A": "won", "B": "open", "C": "lost", "D": "lost"}
    alone = "商談ID,担当者,商品コード,商談開始日,結果,完了日,金額\n"
    cells = f"E,佐藤 葵,{world.product.code},2026/06/01,受注,2026/06/20,9\n"
    assert queries.told(world.applied(alone + cells))[0] == ["won", "lost", "amount"]
    assert Opportunity.objects.get(external_id="E").outcome == "won"
    broken = world.checked(head + row("F", "アポ", "なにか"))
    assert troubles(broken) == [(2, "outcome", "unknown")]


def test_what_is_wrong_is_said_in_words_of_its_kind_of_file(world: World) -> None:
    twice = world.count(today())
    counts = COUNTS + world.count(today(), owner="鈴木 蓮", calls="－3") + twice + twice
    page = page_of(world, world.checked(counts, "activity"))
    assert "マイナス" in page
    assert "返金" not in page
    assert "3行目と、担当者・商品・日付が同じです" in page
    deals = DEALS + world.deal("D-1", amount="-1") + world.deal("D-2") + world.deal("D-2")
    page = page_of(world, world.checked(deals))
    assert "返金" in page
    assert "3行目と同じ商談です" in page
    page = page_of(world, world.checked(DEALS + world.deal("D-1", owner="だれか", stage="なにか")))
    assert "この言葉の意味がわかりません" in page
    assert page.count("だれ、または何のことかわかりません") == 1


def test_the_year_of_days_without_one_is_asked_for_and_read(world: World) -> None:
    rows = world.count("11/25") + world.count("11月24日", owner="鈴木 蓮")
    file = world.bring(COUNTS + rows, "activity")
    browser = sign_in(Browser(), world.manager)
    asked = browser.get(reverse("imports:import", args=[file.pk])).context["form"]
    assert asked["year"].value() == "today"
    sent = {f"c{index}": key for key, index in file.mapping["columns"].items()}
    address = reverse("imports:columns", args=[file.pk])
    browser.post(address, {**sent, "year": ""})
    assert [code for _row, _column, code in troubles(world.worked(file))] == ["no_year"] * 2
    assert "年が書かれていません" in page_of(world, file)
    browser.post(reverse("imports:recolumn", args=[file.pk]))
    last = str(timezone.localdate().year - 1)
    browser.post(address, {**sent, "year": last})
    file = world.worked(file)
    assert counted(file) == (2, 0, 0, 0)
    assert f"{last}-11-25" in str(file.examples)
    browser.post(reverse("imports:recolumn", args=[file.pk]))
    again = browser.get(reverse("imports:import", args=[file.pk])).context["form"]
    assert again["year"].value() == last


def test_nobody_is_asked_for_a_year_where_all_days_have_one(world: World) -> None:
    file = world.bring(COUNTS + world.count(today()), "activity")
    assert 'name="year"' not in page_of(world, file)
