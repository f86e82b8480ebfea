"""Captions: WebVTT and SRT in, clean WebVTT out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mediafiles import captions
from core.mediafiles.errors import MediaError

SRT = """1
00:00:01,000 --> 00:00:03,500
はじめまして。
ホナミの田中です。

2
00:00:04,000 --> 00:00:06,000
<font color="red">価格</font>の<b>お話</b>です。
"""


def refusal(data: bytes) -> MediaError:
    with pytest.raises(MediaError) as caught:
        captions.to_webvtt(data)
    return caught.value


def test_srt_becomes_webvtt_and_loses_its_colours():
    assert captions.to_webvtt(SRT.encode()) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:03.500\nはじめまして。\nホナミの田中です。\n\n"
        "00:00:04.000 --> 00:00:06.000\n価格の<b>お話</b>です。\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_files_of_every_usual_encoding_are_read(encoding: str):
    assert "はじめまして。" in captions.to_webvtt(SRT.encode(encoding))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(newline: str):
    assert captions.to_webvtt(SRT.replace("\n", newline).encode()).count("-->") == 2


def test_webvtt_keeps_its_settings_and_loses_styles_and_notes():
    text = (
        "WEBVTT - a title\n\nSTYLE\n::cue { background: url(https://evil.example/x) }\n\n"
        "NOTE to myself\n\nintro\n00:01.000 --> 00:02.000 align:start line:80% onload:x\nHello\n"
    )
    assert captions.to_webvtt(text.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 align:start line:80%\nHello\n"
    )


def test_what_it_made_is_read_the_same_again():
    once = captions.to_webvtt(SRT.encode())
    assert captions.to_webvtt(once.encode()) == once


def test_captions_stand_in_the_order_of_time():
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nsecond\n\n00:01.000 --> 00:02.000\nfirst\n"
    assert [cue.text for cue in captions.parse(text)] == ["first", "second"]


def test_srt_without_empty_lines_does_not_show_its_numbers():
    text = "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n"
    assert [cue.text for cue in captions.parse(text)] == ["one", "two"]


def test_a_bare_smaller_than_is_shown_and_a_script_is_not():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nless than <3 days <script>alert(1)</script>\n"
    assert captions.parse(text)[0].text == "less than &lt;3 days alert(1)"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "captions_empty"),
        (b"  \n ", "captions_empty"),
        (b"WEBVTT\n\n", "captions_empty"),
        (b"Dear customer,\nhello.", "captions_format"),
        (b"\x00\x01\x02\x03", "captions_text"),
        (b"\x81", "captions_text"),
        (b"a" * (512 * 1024 + 1), "captions_bytes"),
    ],
)
def test_what_are_no_captions_is_refused(data: bytes, code: str):
    assert refusal(data).code == code


@pytest.mark.parametrize("time", ["0:0:1 --> 00:02.000", "00:61.000 --> 00:02.000", "a --> b"])
def test_a_time_that_cannot_be_read_is_named_by_its_line(time: str):
    error = refusal(f"WEBVTT\n\n{time}\nHello\n".encode())
    assert (error.code, error.values) == ("captions_time", {"line": 3})
    assert "3" in error.message


def test_a_caption_that_ends_before_it_begins_is_named_by_its_line():
    error = refusal(b"WEBVTT\n\n00:02.000 --> 00:01.000\nHello\n")
    assert (error.code, error.values) == ("captions_order", {"line": 3})


@given(st.text(max_size=400))
def test_whatever_is_typed_gives_captions_or_a_refusal(text: str):
    data = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}".encode("utf-8", "replace")
    try:
        made = captions.to_webvtt(data)
    except MediaError:
        return
    assert captions.to_webvtt(made.encode()) == made
