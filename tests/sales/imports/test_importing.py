"""Files taken in: what is new, what changes, what stays; and taken back again."""

import datetime as dt

import pytest

from partners.models import Person
from sales import actions as sales_actions
from sales.actions import Count
from sales.imports import actions
from sales.imports.models import Name
from sales.models import Activity, Opportunity, Ownership, Revision, StageEntry
from tests.partners.factories import make_person
from tests.sales.imports.factories import COUNTS, DEALS, World, counted, troubles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def facts() -> list[list[object]]:
    """All facts as they are, without what a rewrite may touch."""
    deals = Opportunity.objects.order_by("external_id").values_list(
        *("external_id", "person", "product", "opened_at", "closed_at", "outcome"),
        *("reason", "amount", "currency", "organisation", "team"),
    )
    owners = Ownership.objects.order_by("opportunity", "since").values_list(
        "opportunity__external_id", "since", "person", "organisation"
    )
    stages = StageEntry.objects.order_by("opportunity", "stage").values_list(
        "opportunity__external_id", "stage", "at", "person", "product"
    )
    counts = Activity.objects.order_by("day", "person", "measure").values_list(
        "day", "person", "product", "measure", "count", "organisation"
    )
    return [list(rows) for rows in (deals, owners, stages, counts)]


def test_a_file_is_looked_at_before_anything_is_written(world: World) -> None:
    file = world.checked(DEALS + world.deal("D-1") + world.deal("D-2", stage="失注", amount=""))
    assert file.state == "checked"
    assert counted(file) == (2, 0, 0, 0)
    assert not Opportunity.objects.exists()
    assert file.examples["new"][0]["key"] == "D-1"


def test_counts_are_looked_at_with_whose_and_of_what_they_are(world: World) -> None:
    file = world.checked(COUNTS + world.count("2026/06/01"), "activity")
    told = {column: now for column, _old, now in file.examples["new"][0]["changes"]}
    assert told == {
        "day": "2026-06-01",
        "person": world.sato.name,
        "product": world.product.name,
        "calls": "12",
        "leads": "3",
    }


def test_what_was_looked_at_is_taken_in(world: World) -> None:
    file = world.applied(DEALS + world.deal("D-1") + world.deal("D-2", stage="失注", amount=""))
    assert counted(file) == (2, 0, 0, 0)
    deal = Opportunity.objects.get(external_id="D-1")
    assert (deal.outcome, deal.amount, deal.currency) == ("won", 120_000, "JPY")
    assert (deal.person, deal.product, deal.organisation) == (
        world.sato,
        world.product,
        world.partner,
    )
    assert deal.closed_at == dt.datetime(2026, 6, 19, 15, tzinfo=dt.UTC)


def test_the_same_file_again_changes_nothing(world: World) -> None:
    content = DEALS + world.deal("D-1") + world.deal("D-2", stage="提案", closed="")
    world.applied(content)
    before = facts()
    again = world.applied(content)
    assert counted(again) == (0, 0, 2, 0)
    assert facts() == before


def test_a_corrected_file_corrects_and_leaves_alone_what_it_does_not_name(world: World) -> None:
    world.applied(DEALS + world.deal("D-1") + world.deal("D-2"))
    file = world.applied(DEALS + world.deal("D-1", amount="99"))
    assert counted(file) == (0, 1, 0, 0)
    amounts = dict(Opportunity.objects.values_list("external_id", "amount"))
    assert amounts == {"D-1": 99, "D-2": 120_000}


def test_an_empty_cell_changes_nothing_and_zero_is_zero(world: World) -> None:
    world.applied(COUNTS + world.count("2026/06/01"), "activity")
    empty = world.applied(COUNTS + world.count("2026/06/01", calls="", leads=""), "activity")
    assert counted(empty) == (0, 0, 1, 0)
    zero = world.applied(COUNTS + world.count("2026/06/01", calls="0", leads=""), "activity")
    assert counted(zero) == (0, 1, 0, 0)
    assert dict(Activity.objects.values_list("measure", "count")) == {"calls": 0, "leads": 3}


def test_rows_with_problems_are_left_out_and_the_others_taken_in(world: World) -> None:
    file = world.applied(DEALS + world.deal("D-1") + world.deal("D-2", amount="１２万"))
    assert counted(file) == (1, 0, 0, 1)
    assert troubles(file) == [(3, "amount", "amount")]
    assert [each.external_id for each in Opportunity.objects.all()] == ["D-1"]


def test_an_import_is_taken_back_to_what_was_before(world: World) -> None:
    world.applied(DEALS + world.deal("D-1", stage="提案", closed="", amount="5"))
    world.applied(COUNTS + world.count("2026/06/01"), "activity")
    before = facts()
    changed = world.applied(
        DEALS
        + world.deal("D-1", owner="鈴木 蓮")
        + world.deal("D-2", owner="鈴木 蓮", stage="失注", amount="")
    )
    counts = world.applied(
        COUNTS + world.count("2026/06/01", calls="0") + world.count("2026/06/02"), "activity"
    )
    assert facts() != before
    assert world.undone(changed).undone == {"removed": 1, "restored": 1, "kept": 0}
    assert world.undone(counts).undone == {"removed": 2, "restored": 1, "kept": 0}
    assert facts() == before


def test_an_undo_leaves_what_was_written_since_and_names_it(world: World) -> None:
    first = world.applied(DEALS + world.deal("D-1") + world.deal("D-2"))
    second = world.applied(DEALS + world.deal("D-1", amount="7"))
    undone = world.undone(first)
    assert undone.undone == {"removed": 1, "restored": 0, "kept": 1}
    assert Opportunity.objects.get().amount == 7
    world.undone(second)
    assert Opportunity.objects.get().amount == 120_000
    assert world.undone(undone).undone == {"removed": 2, "restored": 0, "kept": 0}
    assert not Opportunity.objects.exists()
    assert not Revision.objects.exists()


def test_an_undo_leaves_what_was_entered_by_hand_since(world: World) -> None:
    file = world.applied(COUNTS + world.count("2026/06/01"), "activity")
    mine = Count(
        person_id=world.sato.pk,
        product_id=world.product.pk,
        day=dt.date(2026, 6, 1),
        measure="calls",
        count=99,
    )
    sales_actions.record_activities(source_id=world.crm.pk, counts=[mine])
    assert world.undone(file).undone == {"removed": 1, "restored": 0, "kept": 1}
    assert Activity.objects.get().count == 99


def test_taken_back_and_brought_again_it_is_there_again(world: World) -> None:
    content = DEALS + world.deal("D-1")
    file = world.applied(content)
    before = facts()
    world.undone(file)
    assert counted(world.applied(content)) == (1, 0, 0, 0)
    assert facts() == before


@pytest.mark.parametrize("sign", [",", "\t"])
@pytest.mark.parametrize(
    "title", ["営業日報 11月\n", "営業日報\r\n\r\n担当者：,営業1課\n作成,2026/06/02\n"]
)
def test_a_title_above_the_header_is_left_out(world: World, title: str, sign: str) -> None:
    rows = title + COUNTS + world.count("2026/06/01") + world.count("2026/06/02", calls="many")
    file = world.checked(rows.replace(",", sign), "activity")
    assert file.header == COUNTS.strip().split(",")
    assert (file.rows, counted(file)) == (2, (1, 0, 0, 1))
    row = title.count("\n") + 3
    assert troubles(file) == [(row, "calls", "count")], "numbered as the spreadsheet does"


@pytest.mark.parametrize(
    "rows",
    ["K1,K2\n日付,担当者\n1,2\n", "K1,K2\na,b\n", "K1\n日付,担当者\n", *["K1\n" * 11 + COUNTS]],
)
def test_nothing_else_is_taken_for_a_title(world: World, rows: str) -> None:
    file = world.bring(rows, "activity")
    short = rows.startswith("K1\n日付")
    assert (file.state, file.error.get("code")) == (
        ("failed", "only_header") if short else ("mapping", None)
    )
    assert short or file.header[0] == "K1"


def test_columns_are_remembered_for_the_source(world: World) -> None:
    odd = "K1,K2,K3\n" + f"2026/06/01,佐藤 葵,{world.product.code}\n"
    world.checked(odd, "activity", columns={"day": 0, "person": 1, "product": 2})
    again = world.bring(odd, "activity")
    assert again.mapping["columns"] == {"day": 0, "person": 1, "product": 2}


def test_a_name_that_nobody_has_is_matched_once_and_remembered(world: World) -> None:
    content = DEALS + world.deal("D-1", owner="サトー") + world.deal("D-2", product="XX")
    file = world.checked(content)
    assert troubles(file) == [(2, "person", "unknown"), (3, "product", "unknown")]
    names = {each.text: each.pk for each in Name.objects.filter(file=file, word="")}
    meanings = {names["サトー"]: world.sato, names["XX"]: world.product}
    actions.match(actor=world.manager, import_id=file.pk, meanings=meanings)
    actions.check_again(actor=world.manager, import_id=file.pk)
    assert counted(world.worked(file)) == (2, 0, 0, 0)
    assert counted(world.checked(content)) == (2, 0, 0, 0)


def test_variant_signs_of_a_name_are_one_person_where_nobody_is_written_like_that(
    world: World,
) -> None:
    for family in ("髙橋", "斎藤", "斉藤"):
        make_person(world.partner, family_name=family, given_name="潤", sign_in=False)
    owners = ("高橋 潤", "髙橋潤", "斎藤 潤", "斉藤 潤", "齋藤 潤")
    rows = (world.deal(f"D-{n}", owner=owner) for n, owner in enumerate(owners))
    file = world.checked(DEALS + "".join(rows))
    assert counted(file) == (4, 0, 0, 1)
    assert troubles(file) == [(6, "person", "several")], "齋藤 could be 斎藤 as well as 斉藤"


def test_what_was_taken_back_stays_so_where_the_rest_cant_be(world: World) -> None:
    first = world.applied(DEALS + world.deal("D-1") + world.deal("D-2"))
    world.applied(DEALS + world.deal("D-1", amount="7"))
    undone = world.undone(first)
    waiting = actions.undo(actor=world.manager, import_id=undone.pk)
    Person.objects.filter(pk=world.manager.pk).update(roles=["author"])
    done = world.worked(waiting)
    assert (done.state, done.error["code"]) == ("undone", "left")


@pytest.mark.parametrize("deed", ["take in", "take back"])
def test_nothing_is_done_for_whoever_may_not_any_more_when_it_is_their_turn(
    world: World, deed: str
) -> None:
    file = world.checked(DEALS + world.deal("D-1"))
    if deed == "take back":
        file = world.worked(actions.start(actor=world.manager, import_id=file.pk))
        assert Opportunity.objects.count() == 1
    act = {"take in": actions.start, "take back": actions.undo}[deed]
    waiting = act(actor=world.manager, import_id=file.pk)
    Person.objects.filter(pk=world.manager.pk).update(roles=["author"])
    done = world.worked(waiting)
    assert done.error["code"] == "left"
    assert done.state == {"take in": "failed", "take back": "applied"}[deed]
    assert Opportunity.objects.count() == {"take in": 0, "take back": 1}[deed]
