"""A pasted table: looked at cell by cell, then the draft, or nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from courses.authoring.scenarios import pasting, words
from courses.scenarios import reading
from courses.scenarios.document import Document
from courses.scenarios.models import Scenario, ScenarioDraft
from tests.courses.authoring.writing import browser_of, make_author
from tests.courses.scenarios.factories import make_scenario

pytestmark = pytest.mark.django_db

HEAD = "scene\tspeaker\ttext\tchoice\tgoes to\tpoints\tbest\twhy\n"
GOOD = (
    HEAD
    + "始め\t佐藤\t高いですね。\t何と比べて?\t成約\t10\tbest\t比べる相手が分かる。\n"
    + "\t\t\t値引きします。\t失注\t0\tpoor\t\n"
    + "成約\t\tでは契約を。\n失注\t\t考えます。\n"
)


@pytest.fixture
def author() -> Browser:
    return browser_of(make_author())


def send(browser: Browser, scenario: Scenario, text: str, **more: object) -> Any:
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    data = {"text": text, "base": base, "step": "look"} | more
    return browser.post(reverse("scenario_desk:paste", args=[scenario.pk]), data)


def draft_of(scenario: Scenario) -> Document:
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


def test_a_table_is_looked_at_first_and_then_becomes_the_draft(author: Browser) -> None:
    scenario = make_scenario(Document(title="値引き"), published=False)
    page = author.get(reverse("scenario_desk:paste", args=[scenario.pk])).content.decode()
    assert "scene\tspeaker" in page or "場面\t" in page
    looked = send(author, scenario, GOOD)
    assert looked.status_code == 200
    assert '<svg class="map"' in looked.content.decode()
    assert not draft_of(scenario).scenes
    entered = send(author, scenario, GOOD, step="enter")
    assert entered.status_code == 302
    assert [each.title for each in draft_of(scenario).scenes] == ["始め", "成約", "失注"]
    assert draft_of(scenario).title == "値引き"


@pytest.mark.parametrize(
    ("head", "language", "column"),
    [
        ("scene\ttext\tchoice", "ja", "進む先"),
        ("scene\ttext\tchoice", "en", "Goes to"),
        ("場面\tせりふ\t選択肢\t進む先", "ja", "進む先"),
        ("場面\t本文\t選択肢\t行き先", "ja", "進む先（行き先）"),
        ("Scene\tText\tChoice\tGoes to", "en", "Goes to"),
    ],
)
def test_a_column_is_named_in_the_reader_s_language(head: str, language: str, column: str) -> None:
    with translation.override(language):
        plan = pasting.plan(
            f"{head}\n始め\t高いですね。\t何と比べて?\t\n", Document(title="値引き"), {}
        )
    assert [each.column for each in plan.wrong] == [column]


def test_a_column_that_is_missing_is_named_in_the_reader_s_language(author: Browser) -> None:
    scenario = make_scenario(published=False)
    page = send(author, scenario, "話す人\tせりふ\n佐藤\t高いですね。\n").content.decode()
    assert "足りない列：場面" in page


def test_what_is_there_is_replaced_only_when_asked_and_scenes_of_the_same_name_stay_the_same(
    author: Browser,
) -> None:
    scenario = make_scenario(Document(title="値引き"), published=False)
    send(author, scenario, GOOD, step="enter")
    before = draft_of(scenario)
    changed = GOOD.replace("高いですね。", "高すぎます。")
    refused = send(author, scenario, changed, step="enter")
    assert refused.status_code == 422
    assert "高すぎます。" in refused.content.decode()
    assert draft_of(scenario) == before
    assert send(author, scenario, changed, step="enter", replace="on").status_code == 302
    after = draft_of(scenario)
    assert after.scenes[0].text == "高すぎます。"
    assert after.keys() == before.keys()
    assert after.explanations == before.explanations


def test_a_draft_that_was_changed_meanwhile_is_not_overwritten(author: Browser) -> None:
    scenario = make_scenario(published=False)
    before = draft_of(scenario)
    late = send(author, scenario, GOOD, step="enter", replace="on", base=0)
    assert late.status_code == 422
    assert "高いですね。" in late.content.decode()
    assert draft_of(scenario) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "ファイルのほかは残っています。ファイルをもう一度選んでください。"),
        (GOOD.encode(), "入力した内容は残っています。"),
    ],
)
def test_a_file_has_to_be_chosen_again_unless_it_is_in_the_field_by_now(
    author: Browser, content: bytes, said: str
) -> None:
    scenario = make_scenario(published=False)
    file = SimpleUploadedFile("table.csv", content)
    wrong = send(author, scenario, "", file=file, step="enter")
    assert wrong.status_code == 422
    page = wrong.content.decode().replace(' data-all-here="入力した内容は残っています。"', "")
    told = ("ファイルのほかは残っています。", "入力した内容は残っています。")
    assert [each for each in told if each in page] == [each for each in told if each in said]
    assert said in page


MANY = HEAD + "".join(f"S{n}\t\tx\ty\tS{n}\n" for n in range(2_001))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "表を貼り付け"),
        ("scene\tchoice\nA\tb\n", "text"),
        ("scene\tscene\ttext\nA\tb\tc\n", "scene"),
        (HEAD, "見出し"),
        (HEAD + "A\t\tx\ty\t失 注\n", "失 注"),
        (HEAD + "A\t\tx\nB\t\ty\nA\t\tz\n", "2"),
        (HEAD + "A\t\tx\ty\tA\t1.5\n", "1.5"),
        (HEAD + "A\t\tx\ty\tA\t1\tgood\n", "good"),
        (MANY, "2000"),
        (HEAD + 'A\t\t"x\ty\tA\n', "A"),
        (HEAD + "A\t\t\x00\ty\tA\n", "A"),
        (HEAD + "A\t\t\x01x\ty\tA\n", "text"),
        (HEAD + "A" * 200 + "\t\tx\ty\tA\n", "160"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_cell_and_nothing_changes(
    author: Browser, text: str, words: str
) -> None:
    scenario = make_scenario(Document(title="空"), published=False)
    if len(text.encode()) > 100_000:  # as the page sends it
        file = SimpleUploadedFile("table.tsv", text.encode())
        answer = send(author, scenario, "", step="enter", file=file)
    else:
        answer = send(author, scenario, text, step="enter")
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("2,000", "2000")
    assert not draft_of(scenario).scenes


def test_script_in_a_table_is_text(author: Browser) -> None:
    scenario = make_scenario(Document(title="空"), published=False)
    page = send(author, scenario, GOOD.replace("始め", "<script>alert(1)</script>")).content
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert" in page


def test_a_file_comes_into_the_field_and_rows_stay_where_they_stood(author: Browser) -> None:
    scenario = make_scenario(Document(title="空"), published=False)
    lines = GOOD.splitlines()
    lines.insert(1, "")
    lines[2] = lines[2].replace("成約", "未定")
    data = "\n".join(lines).replace("\t", ",").encode("cp932")
    file = SimpleUploadedFile("table.csv", data)
    answer = send(author, scenario, "", file=file)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "高いですね。" in page
    assert '<td class="n num" data-label="行">3</td>' in page


def test_a_file_whose_letters_cannot_be_told_is_asked_about(author: Browser) -> None:
    scenario = make_scenario(Document(title="空"), published=False)
    file = SimpleUploadedFile("table.csv", b"\xff\xfe\xfd\x80\x81" * 9)
    answer = send(author, scenario, "", file=file, step="enter")
    assert answer.status_code == 422
    assert not draft_of(scenario).scenes


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_table_may_be_written_in_the_words_of_the_desk(language: str) -> None:
    with translation.override(language):
        columns = ("scene", "text", "choice", "to", "best", "reaction", "outcome")
        rows = ["\t".join(str(words.COLUMNS[each]) for each in columns)]
        rows += [
            f"A\tHi\t{n}\tE{n}\t{label}\tHm {n}" for n, (_, label) in enumerate(words.QUALITIES)
        ]
        rows += [f"E{n}\tBye\t\t\t\t\t{label}" for n, (_, label) in enumerate(words.OUTCOMES)]
        plan = pasting.plan("\n".join(rows), Document(title="x"), {})
    assert (plan.wrong, plan.unknown) == ((), ())
    assert plan.document is not None
    first, *endings = plan.document.scenes
    assert [each.quality for each in first.choices] == [key for key, _ in words.QUALITIES]
    assert [each.reaction for each in first.choices] == ["Hm 0", "Hm 1", "Hm 2"]
    assert [each.outcome for each in endings] == [key for key, _ in words.OUTCOMES]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_example_can_be_taken_in_as_it_stands(language: str) -> None:
    with translation.override(language):
        plan = pasting.plan(pasting.example(), Document(title="x"), {})
    assert (plan.scenes, plan.choices, plan.endings) == (2, 3, 2)


def test_settings_of_the_draft_stay() -> None:
    draft = Document(title="x", summary="y")
    plan = pasting.plan(GOOD, draft, {})
    assert plan.document.summary == "y"
