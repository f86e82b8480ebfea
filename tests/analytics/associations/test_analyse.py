"""`manage.py analyse` and `verify_statistics`: any file through the engine; clear words where a file is bad."""

import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command

from analytics.associations.engine import published, reading
from analytics.associations.engine.published import kinds, sources
from tests.analytics.associations import panels


def run(capsys: pytest.CaptureFixture, file: Path, *options: str) -> str:
    call_command("analyse", str(file), "--lang", "en", *options)
    return capsys.readouterr().out


def written(path: Path, data: pd.DataFrame, **options: object) -> Path:
    file = path / "figures.csv"
    data.to_csv(file, index=False, **options)
    return file


def fails(capsys: pytest.CaptureFixture, file: Path, *options: str, language: str = "en") -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("analyse", str(file), "--lang", language, *options)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_the_counties_event_study_comes_from_the_file_alone(capsys: pytest.CaptureFixture) -> None:
    options = (
        "--unit",
        "countyreal",
        "--time",
        "year",
        "--treated",
        "first.treat",
        "--sales",
        "lemp",
        "--json",
    )
    told = json.loads(run(capsys, sources.MPDTA, *options))
    study = next(each for each in told["estimates"] if each["method"] == "event_study")
    assert (round(study["value"], 4), round(study["se"], 4), study["n_units"]) == (
        -0.0398,
        0.0121,
        500,
    )
    assert told["grade"] == "B"
    assert "consistent with an effect if" in told["answers"][0]["sentence"]
    assert told["facts"]["period"] == "year"


def test_admissions_turn_round_at_equal_departments_and_the_overall_number_is_not_told(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    file = written(tmp_path, kinds.berkeley())
    told = json.loads(
        run(
            capsys,
            file,
            "--group",
            "department",
            "--learning",
            "man",
            "--sales",
            "admitted",
            "--json",
        )
    )
    methods = {each["method"]: each["value"] for each in told["estimates"]}
    assert methods["common_odds"] == pytest.approx(0.9046968, abs=1e-7)
    assert not {"odds", "pooled", "slope"} & set(methods)
    assert "sign_differs" in {each["code"] for each in told["warnings"]}
    assert all(each["text"] for each in told["warnings"])


def test_a_panel_is_told_as_text_with_months_and_lag(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    data = panels.learnt(1)[: 18 * 200]
    data["month"] = [f"{2024 + n // 12}-{n % 12 + 1:02}" for n in data["month"]]
    columns = (
        "--unit",
        "rep",
        "--group",
        "partner",
        "--time",
        "month",
        "--learning",
        "learning",
        "--sales",
        "sales",
    )
    text = run(capsys, written(tmp_path, data), *columns)
    assert text.startswith(
        "[C] In months after a rep did more “learning”, the same rep's “sales” was higher by"
    )
    assert (
        "200 reps; 30 companies; 18 months; sales 1 period later; 0.0% missing; evidence grade C."
        in text
    )
    assert "same rep over time (fixed effects) t+1" in text


def test_controls_that_turn_the_sign_and_kinds_that_do_not_overlap_are_refused(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    data = panels.frame(1, reps=400).drop_duplicates("rep").reset_index(drop=True)
    data["course"] = (data["able"] < -1.2).astype(int)
    data["sales"] = 10 * data["able"] + 6 * data["course"] + panels.noise(1, len(data), 1.0)
    text = run(
        capsys,
        written(tmp_path, data),
        "--unit",
        "rep",
        "--learning",
        "course",
        "--sales",
        "sales",
        "--controls",
        "able",
    )
    assert "[D] The raw number and the one at equal controls point to opposite sides" in text
    assert "hardly overlap" in text


def test_weights_come_with_what_they_leave_of_each_difference(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    data = panels.frame(2, reps=300).drop_duplicates("rep").reset_index(drop=True)
    data["course"] = (data["able"] + panels.noise(3, len(data), 1.5) > 0).astype(int)
    data["sales"] = data["able"] + data["course"] + panels.noise(4, len(data), 1.0)
    columns = ("--unit", "rep", "--treated", "course", "--sales", "sales", "--controls", "able")
    told = json.loads(run(capsys, written(tmp_path, data), *columns, "--json"))
    overlap = next(each for each in told["estimates"] if each["method"] == "aipw")["details"][
        "overlap"
    ]
    assert overlap["before"]["able"] > 0.4
    assert overlap["after"]["able"] < 0.1
    assert told["answers"][0]["headline"]["method"] == "aipw"
    assert told["grade"] == "D"


SIMPLE = "rep,partner,quiz,won\n1,a,3,4\n2,b,x1,5\n"
COLUMNS = ("--unit", "rep", "--group", "partner", "--learning", "quiz", "--sales", "won")


@pytest.mark.parametrize(
    ("data", "options", "word"),
    [
        (SIMPLE.encode(), COLUMNS, "Row 3, column “quiz”: “x1” is not a number."),
        (
            SIMPLE.encode(),
            (*COLUMNS[:-1], "lost"),
            "There is no column “lost”. There are: rep, partner, quiz, won.",
        ),
        (b"", COLUMNS, "The file has no rows."),
        (b"rep,partner,quiz,won\n", COLUMNS, "The file has no rows."),
        (b"\xff\x00\x81", COLUMNS, "characters can't be read"),
        (SIMPLE.encode(), COLUMNS[-2:], "Name at least one column"),
        (
            SIMPLE.replace("x1", "2").encode(),
            (*COLUMNS, "--time", "partner"),
            "“a” is not a number",
        ),
        (b'rep,partner,quiz,won\n1,"a,3\n', COLUMNS, "not a table"),
    ],
)
def test_a_bad_file_is_named_by_row_and_column(
    capsys: pytest.CaptureFixture, tmp_path: Path, data: bytes, options: tuple[str, ...], word: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    assert word in fails(capsys, file, *options)


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    assert "読めません" in fails(capsys, tmp_path / "none.csv", *COLUMNS, language="ja")


@pytest.mark.parametrize(
    ("encoding", "separator"), [("cp932", ","), ("utf-8-sig", "\t"), ("utf-16", ";")]
)
def test_files_of_japanese_spreadsheets_are_read(
    capsys: pytest.CaptureFixture, tmp_path: Path, encoding: str, separator: str
) -> None:
    data = panels.frame(1, reps=40).drop_duplicates("rep")
    data["受講"], data["売上"] = data["able"].round(3), [f"{1000 + n:,}円" for n in range(40)]
    data["会社"] = [f"会社{n % 5}" for n in range(40)]
    file = written(tmp_path, data, encoding=encoding, sep=separator)
    text = run(
        capsys, file, "--unit", "rep", "--group", "会社", "--learning", "受講", "--sales", "売上"
    )
    assert text.startswith("[D] ")
    assert "40 reps; 5 companies" in text


def test_published_numbers_are_printed_digit_by_digit(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "CASES", {"V5": published.CASES["V5 Benjamini–Hochberg"]})
    call_command("verify_statistics")
    assert "| V5 | rejected | 4 | 4 | 15.0 | 15 | ✓ |" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cells", "period", "first"),
    [
        (("2026-04", "2026/05", "2026年6月"), "month", 2026 * 12 + 3),
        (("2026-04-01", "2026-05-31", ""), "month", 2026 * 12 + 3),
        (("202604", "202605", "202606"), "month", 2026 * 12 + 3),
        (("1935.0", "1936.0", "1937"), "year", 1935),
        (("Q42010", "Q12011", "2011Q2"), "time", 2010 * 4 + 3),
        (("7", "8", "9"), "time", 7),
    ],
)
def test_times_count_on_in_the_form_in_which_they_are_written(
    cells: tuple[str, ...], period: str, first: int
) -> None:
    found, kind = reading.times(pd.Series(cells))
    assert kind == period
    assert found.dropna().tolist() == [first + n for n in range(sum(map(bool, cells)))]


def test_each_answer_says_what_its_own_figures_lack(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    data = panels.learnt(1)[: 18 * 200]
    data["other"] = data["sales"].where(data.index % 10 != 0)
    columns = ("--unit", "rep", "--group", "partner", "--time", "month", "--learning", "learning")
    file = written(tmp_path, data)
    told = json.loads(run(capsys, file, *columns, "--sales", "sales,other", "--json"))
    found = {each["sales"]: each["stands_on"] for each in told["answers"]}
    assert "0.0% missing" in found["sales"]
    assert "10.0% missing" in found["other"]
    assert told["facts"]["missing"] == pytest.approx(0.1)
