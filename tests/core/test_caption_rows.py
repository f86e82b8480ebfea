"""Captions as rows: what was typed is read or explained, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mediafiles import captions, cues
from core.mediafiles.cues import Row, Trouble

VTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:03.500 align:start\nfewer &lt; 3 <b>days</b>\n\n"
    "01:02:03.004 --> 01:02:05.000\na --&gt; b\nR&D\n"
)


def test_captions_come_as_rows_and_go_back_unchanged():
    rows = cues.rows_of(VTT)
    assert rows[0] == Row("0:01.000", "0:03.500", "fewer < 3 <b>days</b>", "align:start")
    assert rows[1] == Row("1:02:03.004", "1:02:05.000", "a --> b\nR&D")
    found, troubles = cues.read(rows)
    assert not troubles
    assert captions.write(found) == VTT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("62.5", 62_500),
        ("1:02.5", 62_500),
        ("1:02,5", 62_500),
        ("00:01:02.500", 62_500),
        ("１：０２．５", 62_500),
        ("0", 0),
        ("", None),
        ("1:60", None),
        ("1:60:00", None),
        ("-1", None),
        ("1:2:3:4", None),
        ("soon", None),
        ("٣", None),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, meant: int | None):
    assert cues.milliseconds(typed) == meant


def test_everything_that_is_to_be_mended_is_told_at_once_and_by_field():
    rows = [
        Row("soon", "0:02", "a"),
        Row("", "", "  "),
        Row("0:05", "0:04", ""),
        Row("1:00", "1:01", "x" * 501),
    ]
    _, troubles = cues.read(rows, duration_ms=30_000)
    assert troubles == [
        Trouble(0, "begins", "cue_time"),
        Trouble(2, "ends", "cue_order"),
        Trouble(2, "text", "cue_text"),
        Trouble(3, "begins", "cue_late"),
        Trouble(3, "text", "cue_long"),
    ]


def test_captions_for_other_programs_are_numbered():
    text = cues.srt(captions.parse(VTT))
    assert text.startswith("1\n00:00:01,000 --> 00:00:03,500\nfewer < 3 <b>days</b>\n\n2\n")
    assert captions.to_webvtt(text.encode()) == VTT.replace(" align:start", "").replace(
        "--&gt;", "→"
    )


@given(st.text(max_size=300), st.sampled_from(["", "align:start", "evil:1 line:80%"]))
def test_whatever_is_typed_is_kept_as_captions_that_mean_the_same(text: str, settings: str):
    found, troubles = cues.read([Row("0:01", "0:02", text, settings)])
    if troubles:
        return
    made = captions.write(found)
    again, _ = cues.read(cues.rows_of(made))
    assert captions.write(again) == made
    assert captions.to_webvtt(made.encode()) == made
