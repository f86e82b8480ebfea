"""Files as they come: each is taken as it was meant, or refused with what to do about it."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import xlsxwriter
from PIL import Image

from core.tables.rows import Limits
from partners.queries.client import today as client_day
from sales.imports import actions, files, queries, words
from sales.imports.models import Import
from sales.models import Opportunity
from tests.core.tables.samples import altered, workbook
from tests.sales.imports.factories import COUNTS, DEALS, World, counted, troubles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp932"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", "\t").encode("cp932"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace("\n", "\r\n", 1).replace("\n", "\r", 3).encode(),
        lambda text: ("sep=;\r\n" + text.replace(",", ";")).encode("utf-8-sig"),
    ],
)
def test_letters_and_delimiters_are_told_by_rule(
    world: World, saved: Callable[[str], bytes]
) -> None:
    content = DEALS + world.deal("髙①", owner="佐藤 葵") + world.deal("D-2")
    file = world.applied(saved(content))
    assert counted(file) == (2, 0, 0, 0), troubles(file)
    assert set(Opportunity.objects.values_list("external_id", flat=True)) == {"髙①", "D-2"}


def test_letters_that_two_rules_could_tell_are_asked(world: World) -> None:
    content = (DEALS + world.deal("D-1")).encode("euc_jp")
    file = world.bring(content)
    assert (file.state, file.error["code"]) == ("failed", "encoding")
    from_page = words.failure(file)
    assert "文字" in from_page
    again = _read_as(world, file, "euc_jp")
    assert (again.state, again.header[0]) == ("mapping", "商談ID")
    wrong = _read_as(world, again, "utf-8")
    assert wrong.error["code"] == "encoding_wrong"


def _read_as(world: World, file: Import, encoding: str) -> Import:
    actions.read_as(actor=world.manager, import_id=file.pk, encoding=encoding)
    return world.worked(file)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (DEALS.encode(), "only_header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (picture(), "other_format"),
        (b"%PDF-1.7", "other_format"),
        (b"a\0b\0c\0", "encoding"),
        (b"\xff\xfe\xff\xff\xff", "encoding"),
        (b"PK\x03\x04broken", "broken"),
        (altered(workbook(), {"xl/vbaProject.bin": b"x"}), "macros"),
        (b'id,name\n1,"never closed\n2,x\n', "quotes"),
        (b'id,name\n1,"closed"too early\n', "quotes"),
        (b"id\n" + b"x" * 140_000 + b"\n", "cell_too_long"),
        (",".join("x" * 300).encode() + b"\n1\n", "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    world: World, content: bytes, code: str
) -> None:
    file = world.bring(content)
    assert (file.state, file.error["code"]) == ("failed", code)
    assert words.failure(file)


def test_a_workbook_that_swells_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "EXCEL_LIMITS", Limits(unpacked=1000))
    assert world.bring(workbook([["x" * 5000]] * 100)).error["code"] == "swollen"


def test_one_row_more_than_we_take_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CSV_LIMITS", Limits(rows=3))
    rows = [world.deal(f"D-{n}") for n in range(4)]
    assert world.bring(DEALS + "".join(rows[:3])).state == "mapping"
    assert world.bring(DEALS + "".join(rows)).error["code"] == "too_many_rows"


def test_each_planted_problem_is_told_by_row_and_column(world: World) -> None:
    deal = world.deal
    content = DEALS + "".join(
        [
            deal("D-1"),
            deal("D-2", amount='"-1,200"'),
            deal("D-3", opened="11/12/2026"),
            deal("D-4", closed="#N/A"),
            deal("D-5", owner="だれか"),
            deal("D-6", product="なに"),
            deal("D-7", stage="まあまあ"),
            deal("D-8", closed=""),
            deal("D-9", opened="2026/07/01"),
            deal("D-1"),
            "D-10,short\n",
            deal("D-11").strip() + ",too,long\n",
            deal(""),
            deal("D-12", closed="2099/01/01"),
            deal("x" * 81),
            deal("D-13", opened=""),
            deal("D-\x01"),
            deal("00123"),
        ]
    )
    file = world.applied(content)
    assert troubles(file) == [
        (3, "amount", "negative"),
        (4, "opened_at", "date_two_ways"),
        (5, "closed_at", "error_cell"),
        (6, "person", "unknown"),
        (7, "product", "unknown"),
        (8, "stage", "unknown"),
        (9, "closed_at", "deal_closed_at"),
        (10, "closed_at", "deal_closed_at"),
        (11, "external_id", "twice"),
        (12, "", "too_few_cells"),
        (13, "", "too_many_cells"),
        (14, "external_id", "missing"),
        (15, "closed_at", "future"),
        (16, "external_id", "too_long"),
        (17, "opened_at", "deal_opened_at"),
        (18, "external_id", "bad_letters"),
    ]
    assert counted(file) == (2, 0, 0, 16)
    assert set(Opportunity.objects.values_list("external_id", flat=True)) == {"D-1", "00123"}
    explained = [words.explain(each, file) for each in queries.troubles(file)]
    assert all(each.what and each.mend for each in explained)


def test_a_row_names_all_its_faults_at_once(world: World) -> None:
    deal, half = world.deal, world.deal("D-9").split(",")
    content = DEALS + "".join(
        [
            deal("D-1"),
            deal("D-2", owner="", product="", opened="", closed=""),
            deal("D-3", owner="だれか", product="", opened="", amount='"-1"'),
            deal("", owner="だれか", amount="たくさん"),
            deal("D-1", owner="だれか"),
            deal("D-1", owner="", amount="たくさん"),
            deal("D-5", opened="11/12/2026", closed="2020/01/01"),
            deal("D-6", stage="まあまあ", closed=""),
            ",".join(half[:3]) + ",,受注,x,\n",
        ]
    )
    expected = [
        *((3, column, f"deal_{column}") for column in ("closed_at", "opened_at")),
        (3, "person", "deal_owner"),
        (3, "product", "deal_product"),
        (4, "amount", "negative"),
        (4, "opened_at", "deal_opened_at"),
        (4, "person", "unknown"),
        (4, "product", "deal_product"),
        (5, "amount", "amount"),
        (5, "external_id", "missing"),
        (5, "person", "unknown"),
        (6, "external_id", "twice"),
        (6, "person", "unknown"),
        (7, "amount", "amount"),
        (7, "external_id", "twice"),
        (8, "opened_at", "date_two_ways"),
        (9, "stage", "unknown"),
        (10, "closed_at", "date"),
        (10, "opened_at", "deal_opened_at"),
    ]
    file = world.checked(content)
    assert troubles(file) == expected
    assert counted(file) == (1, 0, 0, 8)
    actions.start(actor=world.manager, import_id=file.pk)
    assert troubles(world.worked(file)) == expected, "taking it in tells the same"
    told = [(each.row, each.column, each.value) for each in queries.troubles(file)]
    assert (4, "amount", "-1") in told


def test_faulty_rows_about_the_same_are_told_to_be(world: World) -> None:
    deal = world.deal
    content = DEALS + "".join(
        [
            deal("D-1", owner="だれか"),
            deal("D-1", amount="たくさん", product=""),
            deal("D-1"),
            *(deal(f"X-{n}", stage="", closed="", amount="") for n in range(1000)),
            deal("D-1", owner="だれか"),
            deal("D-2", owner="だれか"),
            deal("D-2", owner="だれか"),
        ]
    )
    file = world.checked(content)
    assert troubles(file) == [
        (2, "person", "unknown"),
        *((3, "amount", "amount"), (3, "external_id", "twice"), (3, "product", "deal_product")),
        *((1005, "external_id", "twice"), (1005, "person", "unknown")),
        (1006, "person", "unknown"),
        *((1007, "external_id", "twice"), (1007, "person", "unknown")),
    ]
    about = {each.row: each.more for each in queries.troubles(file) if each.code == "twice"}
    assert about == {3: "2", 1005: "4", 1007: "1006"}
    assert counted(file)[3] == 5


def test_what_a_source_told_before_need_not_stand_in_a_faulty_row(world: World) -> None:
    world.applied(DEALS + world.deal("D-1"))
    file = world.checked(DEALS + world.deal("D-1", owner="だれか", product="", opened=""))
    assert troubles(file) == [(2, "person", "unknown")]


def test_a_row_of_counts_names_all_its_faults_at_once(world: World) -> None:
    content = COUNTS + world.count("", owner="だれか", product="", calls="多い", leads="-1")
    assert troubles(world.checked(content, "activity")) == [
        (2, "calls", "count"),
        (2, "day", "missing"),
        (2, "leads", "negative"),
        (2, "person", "unknown"),
        (2, "product", "missing"),
    ]


def test_a_key_that_stood_a_thousand_rows_before_is_noticed(world: World) -> None:
    rows = [world.deal(f"D-{n}", stage="", closed="", amount="") for n in range(1100)]
    file = world.checked(DEALS + "".join([*rows, world.deal("D-5")]))
    assert troubles(file) == [(1102, "external_id", "twice")]


def test_two_headers_of_one_name_are_two_columns(world: World) -> None:
    file = world.bring("商談ID,金額,金額\nD-1,1,2\n")
    assert file.mapping["columns"] == {"external_id": 0, "amount": 1}


def test_a_workbook_is_read_with_its_days_ids_and_errors(world: World) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/mm/dd"})
    sheet.write_row(0, 0, DEALS.strip().split(","))
    for row in (1, 2):
        sheet.write_row(row, 0, [f"0012{row}", "佐藤 葵", world.product.code])
        sheet.write_datetime(row, 3, dt.date(2026, 6, 1), day)
        sheet.write_string(row, 4, "受注")
        sheet.write_number(row, 5, 46193)
    sheet.write_formula(1, 6, "=1000*2", None, 2000)
    sheet.write_formula(2, 6, "=NA()", None, "#N/A")
    book.close()
    file = world.applied(out.getvalue())
    assert troubles(file) == [(3, "amount", "error_cell")]
    deal = Opportunity.objects.get()
    assert (deal.external_id, deal.amount) == ("00121", 2000)


def test_a_file_of_single_measures_is_read(world: World) -> None:
    content = (
        "日付,担当者,商品コード,活動種別,件数\n"
        f"2026/06/01,佐藤 葵,{world.product.code},架電,12\n"
        f"2026/06/01,佐藤 葵,{world.product.code},アポ,1\n"
        f"2026/06/01,佐藤 葵,{world.product.code},架電,3\n"
    )
    file = world.applied(content, "activity")
    assert counted(file) == (2, 0, 0, 1)
    assert troubles(file) == [(4, "", "twice")]


def test_one_product_may_be_named_for_all_rows(world: World) -> None:
    content = COUNTS.replace("商品コード", "メモ") + world.count("2026/06/01")
    assert world.bring(content, "activity").mapping["columns"].get("product") is None
    file = world.applied(
        content,
        "activity",
        columns={"day": 0, "person": 1, "calls": 3},
        product_id=world.product.pk,
    )
    assert counted(file) == (1, 0, 0, 0)


def test_a_deal_that_was_opened_and_closed_on_one_day_is_taken(world: World) -> None:
    rows = [
        world.deal("D-1", opened="2026/06/01 15:00", closed="2026/06/01"),
        world.deal("D-2", opened="2026/06/01 15:00", stage="提案", closed=""),
    ]
    assert counted(world.applied(DEALS + "".join(rows))) == (2, 0, 0, 0)
    rows[1] = world.deal("D-2", opened="", closed="2026/06/01")
    file = world.applied(DEALS + "".join(rows))
    assert (counted(file), troubles(file)) == ((0, 1, 1, 0), [])
    for deal in Opportunity.objects.all():
        assert deal.closed_at == deal.opened_at
    file = world.applied(DEALS + world.deal("D-3", opened="2026/06/01 15:00", closed="2026/05/31"))
    assert troubles(file) == [(2, "closed_at", "deal_closed_at")]


def test_a_day_that_has_not_come_where_the_client_is_is_left_out(world: World) -> None:
    today = client_day()
    rows = [
        world.deal(f"D-{ahead}", closed=f"{today + dt.timedelta(days=ahead):%Y/%m/%d}")
        for ahead in (0, 1)
    ]
    file = world.applied(DEALS + "".join(rows))
    assert troubles(file) == [(3, "closed_at", "future")]
    counts = [world.count(f"{today + dt.timedelta(days=ahead):%Y/%m/%d}") for ahead in (0, 1)]
    file = world.applied(COUNTS + "".join(counts), "activity")
    assert troubles(file) == [(3, "day", "future")]
