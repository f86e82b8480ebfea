"""Files of items: looked at first, entered whole or not at all, and a round trip changes nothing."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.scope import CLIENT, enter
from core.tables import reading, writing
from core.tables.rows import Limits
from courses.quizzes.bank import actions, columns, importing, queries
from courses.quizzes.bank.importing import bring_file, enter_file, plan
from courses.quizzes.models import BankFile, BankItem
from partners.models import Person
from tests.core.tables.samples import SHEET, altered, workbook
from tests.courses.quizzes.bank.samples import DRAFT, drafts, make_author, make_item
from tests.partners.factories import make_person, sign_in

HEAD = "コード,問題文,選択肢A,選択肢B,正解,スキル\n"
GOOD = HEAD + "Q-1,なぜ聞くのですか,理由,癖,A,ヒアリング\nQ-2,=1+1,二,三,B,\n"
GET, POST = "/authoring/bank/import/", "/authoring/bank/import/"


@pytest.fixture
def author(db: None) -> Person:
    """An author of the client."""
    return make_author()


@pytest.fixture
def desk(client: Browser, author: Person, settings: Any, tmp_path: Any) -> Browser:
    """The author's browser."""
    settings.MEDIA_ROOT = tmp_path
    return sign_in(client, author)


def bring(desk: Browser, content: bytes | str, name: str = "items.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return desk.post(POST, {"file": SimpleUploadedFile(name, data)})


def look(desk: Browser, content: bytes | str, name: str = "items.csv") -> Any:
    response = bring(desk, content, name)
    assert response.status_code == 302, response.content.decode()
    return desk.get(response["Location"])


def counts(response: Any) -> tuple[int, ...]:
    return tuple(response.context["counts"].values())


def test_a_file_is_looked_at_then_entered(desk: Browser) -> None:
    response = bring(desk, GOOD)
    shown = desk.get(response["Location"])
    assert counts(shown) == (2, 0, 0, 0)
    assert not BankItem.objects.exists(), "looking changes nothing"
    assert desk.post(response["Location"])["Location"] == "/authoring/bank/"
    assert dict(BankItem.objects.values_list("code", "stem")) == {
        "Q-1": "なぜ聞くのですか",
        "Q-2": "=1+1",
    }
    file = BankFile.objects.get()
    assert (file.content, file.outcome["new"]) == (None, 2)
    assert desk.post(response["Location"]).status_code == 200, "a second time shows what was done"
    assert BankItem.objects.count() == 2
    assert counts(look(desk, GOOD)) == (0, 0, 2, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_in_the_usual_encodings_and_delimiters(
    desk: Browser, encoding: str, delimiter: str
) -> None:
    assert counts(look(desk, GOOD.replace(",", delimiter).encode(encoding))) == (2, 0, 0, 0)


def test_letters_that_can_not_be_told_are_asked_for_and_chosen(desk: Browser) -> None:
    response = bring(desk, GOOD.encode("cp932") + b"Q-3,\xff\xff\n")
    shown = desk.get(response["Location"])
    assert shown.status_code == 422
    assert 'name="encoding"' in shown.content.decode()
    euc = bring(desk, GOOD.encode("euc_jp"))["Location"]
    assert counts(desk.get(f"{euc}?encoding=euc_jp")) == (2, 0, 0, 0)
    desk.post(euc, {"encoding": "euc_jp"})
    assert BankItem.objects.get(code="Q-1").skills == ["ヒアリング"]


def test_every_problem_is_told_by_row_and_column_and_nothing_is_entered(desk: Browser) -> None:
    rows = [
        "Q-1,なぜ,a,b,A,x",
        "q-1,もう一度,a,b,A,x",
        ",コードなし,a,b,A,x",
        "Q-4,,a,b,A,x",
        "Q-5,正解なし,a,b,,x",
        "Q-6,余り,a,b,A,x,余分",
        "Q-7,短い",
        "Q-8,NUL\0,a,b,A,x",
        "",
        f"Q-9,{'長' * 1001},a,b,A,x",
        "Q-10,どれ,a,b,D,x",
    ]
    response = bring(desk, HEAD + "\n".join(rows))
    shown = desk.get(response["Location"])
    assert shown.status_code == 422
    told = [(number, each.column) for number, each in shown.context["problems"]]
    assert told == [
        (3, "コード"),
        (4, "コード"),
        (5, "問題文"),
        (6, "正解"),
        (7, "（行全体）"),
        (8, "選択肢A"),
        (8, "選択肢B"),
        (8, "正解"),
        (9, "問題文"),
        (11, "問題文"),
        (12, "正解"),
    ]
    assert all(each.what and each.mend for _, each in shown.context["problems"])
    assert desk.post(response["Location"]).status_code == 422
    assert not BankItem.objects.exists()
    answer = desk.get(f"{response['Location']}problems.csv")
    told_rows = reading.read(answer.content, Limits()).rows
    assert [row.cells[0] for row in told_rows[1:]] == [str(number) for number, _ in told]


@pytest.mark.parametrize("name", ["タグ", "Tags", "スキル"])
def test_a_column_of_tags_names_skills(desk: Browser, name: str) -> None:
    assert desk.post(bring(desk, GOOD.replace("スキル", name))["Location"]).status_code == 302
    assert BankItem.objects.get(code="Q-1").skills == ["ヒアリング"]


def test_what_stands_in_the_cell_is_shown_with_its_problem(desk: Browser) -> None:
    content = HEAD.replace("スキル", "種類")
    rows = ['Q-1,なぜ,a,b,"A,B",1つ選ぶ', "Q-2,なぜ,a,,A,1つ選ぶ", "Q-3,なぜ,,,どちらか,正誤"]
    shown = look(desk, content + "\n".join(rows))
    told = [(number, each.column, each.value) for number, each in shown.context["problems"]]
    assert told == [
        (2, "正解", "A,B"),
        (3, "選択肢B", ""),
        (4, "正解", "どちらか"),
    ]
    mend = shown.context["problems"][-1][1].mend
    assert "○か×を書いてください" in mend


def test_a_row_names_all_its_faults_at_once(desk: Browser) -> None:
    head = "コード,種類,問題文,選択肢A,選択肢B,選択肢C,選択肢D,正解,配点,スキル,言語\n"
    tags = "、".join(f"技{n}" for n in range(13))
    rows = [
        f'Q 1,正誤,,a,b,c,d,"A,B,F,G",99,{tags}{"長" * 40},仏語',
        "Q 1,なに,なぜ,a\0,b,c\0,,AC,1,x,日本語",
    ]
    shown = look(desk, head + "\n".join(rows))
    told = importing.problems(shown.context["plan"])
    assert [(row.number, each.field, each.code) for row, each in told] == [
        (2, "code", "bad_code"),
        (2, "stem", "no_stem"),
        (2, "options.3.text", "truefalse_has_two"),
        (2, "options.4.text", "truefalse_has_two"),
        (2, "right", "right_is_blank"),
        (2, "right", "right_is_blank"),
        (2, "right", "several_right"),
        (2, "weight", "bad_weight"),
        (2, "skills", "many_tags"),
        (2, "skills", "too_long"),
        (2, "language", "bad_language"),
        (3, "code", "code_twice"),
        (3, "code", "bad_code"),
        (3, "kind", "bad_kind"),
        (3, "option_A", "bad_letters"),
        (3, "option_C", "bad_letters"),
    ]
    assert [each.value for _, each in told if each.code == "right_is_blank"] == ["F", "G"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\n\n", "blank.csv"),
        (HEAD.encode() + b'Q-1,"' + b"x" * 200_000, "open.csv"),
        (b"a," * 200, "wide.csv"),
        (b"code,question\n" * 6000, "long.csv"),
        (b"%PDF-1.7", "table.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "renamed.xlsx"),
        (workbook()[:300], "cut.xlsx"),
        (altered(workbook(), {"xl/vbaProject.bin": b"x"}), "macros.xlsm"),
        (altered(workbook(), {SHEET: b"0" * (60 * 1024 * 1024)}), "bomb.xlsx"),
    ],
)
def test_hostile_files_get_a_clear_message_and_leave_nothing(
    desk: Browser, content: bytes, name: str
) -> None:
    response = bring(desk, content, name)
    assert response.status_code == 422
    assert len(response.context["form"].errors["file"]) == 1
    assert "入力した内容は残っています。" not in response.content.decode()
    assert not BankFile.objects.exists()
    assert not BankItem.objects.exists()


def test_a_file_that_is_too_large_is_refused(desk: Browser) -> None:
    response = bring(desk, b"x" * (10 * 1024 * 1024 + 1))
    assert response.status_code == 422
    assert "10" in response.context["form"].errors["file"][0]


@pytest.mark.parametrize(
    "content", ["コード,コード,問題文\n1,2,3\n", "名前,住所\na,b\n", HEAD, "Q-1,なぜ\n"]
)
def test_a_table_without_a_usable_header_says_what_is_missing(desk: Browser, content: str) -> None:
    response = bring(desk, content)
    shown = desk.get(response["Location"])
    assert shown.status_code == 422
    assert shown.context["unreadable"]


@pytest.mark.parametrize(
    ("language", "missing"),
    [("ja", "足りない列：コード、問題文"), ("en", "Missing: Code, Question.")],
)
def test_all_columns_that_are_missing_are_named_as_the_reader_calls_them(
    desk: Browser, author: Person, language: str, missing: str
) -> None:
    Person.objects.filter(pk=author.pk).update(language=language)
    shown = desk.get(bring(desk, "a,b\n1,2\n")["Location"])
    assert missing in shown.context["unreadable"]
    assert f'href="{GET}">' in shown.content.decode().split("<main")[1], "another one is chosen"
    assert 'name="encoding"' in shown.content.decode(), "its letters may have been read wrongly"


def test_the_letters_of_an_excel_file_are_not_asked_about(desk: Browser) -> None:
    shown = desk.get(bring(desk, workbook((("a", "b"), ("1", "2"))), "items.xlsx")["Location"])
    assert "足りない列" in shown.context["unreadable"]
    assert 'name="encoding"' not in shown.content.decode()


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\xff\xff\x00" * 50])
def test_an_excel_file_that_is_none_is_called_broken(desk: Browser, content: bytes) -> None:
    answer = bring(desk, content, "items.xlsx")
    if answer.status_code == 302:
        answer = desk.get(answer["Location"])
        assert 'name="encoding"' not in answer.content.decode()
    assert answer.status_code == 422
    assert "この Excel ファイルを開けません" in answer.content.decode()


def test_a_change_shows_what_was_and_what_will_be(desk: Browser, author: Person) -> None:
    make_item(author)
    shown = look(desk, "コード,問題文,配点\nq-001,新しい問い,５\n")
    assert counts(shown) == (0, 1, 0, 0)
    ((_row, changes),) = shown.context["changed_rows"]
    assert changes == [
        ("コード", "Q-001", "q-001"),
        ("問題文", DRAFT.stem, "新しい問い"),
        ("配点", "2", "5"),
    ]
    desk.post(shown.request["PATH_INFO"])
    item = BankItem.objects.get()
    assert (item.stem, item.weight, item.explanation) == ("新しい問い", 5, DRAFT.explanation)
    assert item.draft.options == DRAFT.options, "columns that the table doesn't have stay"
    assert queries.picked(author, "新しい", "") == [item]
    assert item.events.count() == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_taken_away_and_brought_back_changes_nothing(
    desk: Browser, author: Person, form: str
) -> None:
    make_item(author, stem="=HYPERLINK(1)", explanation="@x\n'=1", skills=("-a", "+b"))
    make_item(author, "0012", is_archived=True)
    taken = desk.get(f"/authoring/bank/items.{form}")
    assert f".{form}" in taken["Content-Disposition"]
    before = list(BankItem.objects.order_by("pk").values())
    response = bring(desk, taken.content, f"items.{form}")
    assert counts(desk.get(response["Location"])) == (0, 0, 2, 0)
    desk.post(response["Location"])
    assert list(BankItem.objects.order_by("pk").values()) == before


def test_a_csv_holds_no_formula(desk: Browser, author: Person) -> None:
    make_item(author, stem="=cmd|' /C calc'!A1", explanation="＝1")
    text = desk.get("/authoring/bank/items.csv").content.decode("utf-8-sig")
    assert ",'=cmd|" in text
    assert "'＝1" in text


def test_the_example_can_be_brought_as_it_is(desk: Browser) -> None:
    sample = desk.get("/authoring/bank/example.xlsx").content
    assert counts(look(desk, sample, "x.xlsx")) == (3, 0, 0, 0)


def test_a_file_is_read_in_two_queries_however_long_it_is(
    desk: Browser, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    one = bring(desk, HEAD + "Q-1,なぜ,a,b,A,\n")["Location"]
    many = bring(desk, HEAD + "".join(f"Q-{n},なぜ,a,b,A,\n" for n in range(300)))["Location"]
    desk.get(one)
    with django_assert_max_num_queries(8) as first:
        desk.get(one)
    with django_assert_num_queries(len(first.captured_queries)):
        assert counts(desk.get(many)) == (300, 0, 0, 0)


def test_another_peoples_file_is_not_found(desk: Browser, author: Person) -> None:
    address = bring(desk, GOOD)["Location"]
    rep = sign_in(Browser(), make_person(author.organisation))
    assert rep.get(address).status_code == 404
    assert rep.post(address).status_code == 404
    colleague = sign_in(Browser(), make_person(author.organisation, roles=["admin"]))
    assert colleague.get(address).status_code == 200


def test_a_change_between_looking_and_entering_is_looked_at_again(
    desk: Browser, author: Person
) -> None:
    address = bring(desk, HEAD + "Q-001,なぜ,a,b,A,\n")["Location"]
    assert counts(desk.get(address)) == (1, 0, 0, 0)
    item = make_item(author)
    desk.post(address)
    assert BankItem.objects.get().pk == item.pk


def test_files_that_nobody_entered_go_after_a_day(desk: Browser) -> None:
    bring(desk, GOOD)
    BankFile.objects.update(brought_at="2026-01-01T00:00Z")
    bring(desk, GOOD)
    assert BankFile.objects.count() == 1


class RoundTrip(TestCase):
    """Whatever is in the bank: taking it away and bringing it back changes nothing."""

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(drafts(), min_size=1, max_size=4, unique_by=lambda draft: draft.code.lower()),
        st.sampled_from(["ja", "en"]),
        st.sampled_from(["csv", "csv", "csv", "xlsx"]),
    )
    def test_nothing_changes(self, bank: Sequence[Any], language: str, form: str) -> None:
        """Add, take away, bring back, enter: every row is as it was."""
        enter(CLIENT)
        author = make_author()
        for draft in bank:
            actions.add_item(actor=author, draft=draft)
        before = list(BankItem.objects.order_by("pk").values())
        rows = [[columns.label(name, language) for name in columns.order()]]
        rows += [columns.write(item.draft, language) for item in queries.everything(author)]
        content = writing.to_csv(rows) if form == "csv" else writing.to_excel(rows, title="bank")
        file = bring_file(actor=author, name="x", content=content)
        found = plan(actor=author, file=file, encoding="", language="ja")
        assert found.counts() == {"new": 0, "changed": 0, "same": len(bank), "trouble": 0}
        enter_file(actor=author, file=file, encoding="", language="ja")
        assert list(BankItem.objects.order_by("pk").values()) == before


def test_limits_are_what_the_page_says() -> None:
    assert importing.LIMITS.bytes == 10 * 1024 * 1024
    assert importing.LIMITS.rows == 5000
    assert dataclasses.is_dataclass(importing.LIMITS)
