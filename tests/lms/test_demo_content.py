"""The demo world's lessons and media: what is committed is whole, fair and readable."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from core.mediafiles import probing, sniff
from courses.catalog.markdown import to_doc
from courses.catalog.richtext import plain
from lms.demo.media import known_facts
from lms.demo.wording import unmarked

CONTENT = Path(__file__).resolve().parents[2] / "lms" / "demo" / "content"
MEDIA = CONTENT / "media"
LANGUAGES = ("ja", "en")
NAMES = sorted(path.stem for path in (CONTENT / "ja").glob("[0-9]*.json"))
EVERY = list(itertools.product(NAMES, LANGUAGES))

FIELDS = {
    "video": {"clip", "poster", "captions", "title"},
    "text": {"markdown"},
    "image": {"picture", "alt", "caption"},
    "story": {"name", "role", "face", "before", "turning_point", "after"},
    "phrases": {"title", "lines"},
    "person": {"name", "role", "ask_about", "face"},
    "quiz": {"items"},
}
# Words that DESIGN.md keeps out; 創業者 (founder) is not one of them.
FORBIDDEN = {
    "ja": re.compile(r"外注|下請|委託先|(?<![創作事])業者|不正|無効|してください！|[!！]"),
    "en": re.compile(r"vendor|subcontract|outsourc|\binvalid\b|illegal|!", re.IGNORECASE),
}
CHARACTERS_A_MINUTE = {"ja": 600, "en": 1250}
# Eight seconds over each of the four questions.
THINKING_MINUTES = 4 * 8 / 60
CAPTION_SPEED = {"ja": 7.0, "en": 17.0}
CAPTION_LINE = {"ja": 24, "en": 42}


def load(name: str, language: str) -> Any:
    """Return a JSON file of the content folder."""
    return json.loads((CONTENT / language / f"{name}.json").read_text(encoding="utf-8"))


def blocks(module: Any, kind: str) -> list[Any]:
    """Return the data of a module's blocks of a kind."""
    return [block["data"] for block in module["blocks"] if block["kind"] == kind]


def items(module: Any) -> list[Any]:
    """Return a module's quiz items."""
    return [item for quiz in blocks(module, "quiz") for item in quiz["items"]]


def words(value: Any, key: str = "") -> list[str]:
    """Collect every text a person reads in a document (not keys, kinds or file names)."""
    if isinstance(value, str):
        return (
            []
            if key in {"key", "kind", "course", "language", "clip", "poster", "face"}
            else [value]
        )
    if isinstance(value, list):
        return [text for part in value for text in words(part)]
    if isinstance(value, dict):
        return [
            text for name, part in value.items() if name != "captions" for text in words(part, name)
        ]
    return []


def skeleton(module: Any) -> Any:
    """Return what must be alike in both languages: keys, kinds, media, right answers."""
    quiz = [
        (item["key"], item["kind"], [(o["key"], o["correct"]) for o in item["options"]])
        for item in items(module)
    ]
    media = [
        [block["data"].get(field) for field in ("clip", "poster", "captions", "picture", "face")]
        for block in module["blocks"]
    ]
    order = [(block["key"], block["kind"]) for block in module["blocks"]]
    head = [module[field] for field in ("key", "course", "minutes")]
    return head, order, media, quiz, len(module["skills"])


@dataclass(frozen=True)
class Cue:
    """A caption as it stands in a WebVTT file."""

    start: float
    end: float
    lines: tuple[str, ...]


def cues(path: Path) -> list[Cue]:
    """Read a WebVTT file of the simple form that the captions have."""
    stamp = r"(\d\d):(\d\d):(\d\d\.\d{3})"
    header, *rest = path.read_text(encoding="utf-8").strip().split("\n\n")
    assert header == "WEBVTT"
    found = []
    for block in rest:
        timing, *lines = block.splitlines()
        match = re.fullmatch(f"{stamp} --> {stamp}", timing)
        assert match, timing
        h1, m1, s1, h2, m2, s2 = (float(part) for part in match.groups())
        found.append(Cue(h1 * 3600 + m1 * 60 + s1, h2 * 3600 + m2 * 60 + s2, tuple(lines)))
    return found


def clip_seconds(path: Path) -> float:
    """Return how long a clip is."""
    with av.open(str(path)) as container:
        assert container.duration is not None
        return container.duration / 1_000_000


def test_both_languages_hold_the_same_modules() -> None:
    english = sorted(path.stem for path in (CONTENT / "en").glob("[0-9]*.json"))
    assert english == NAMES
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_the_same_in_both_languages(name: str) -> None:
    japanese, english = load(name, "ja"), load(name, "en")
    assert skeleton(japanese) == skeleton(english)
    assert name == f"{name[:2]}-{japanese['key']}"


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_module_has_its_parts(name: str, language: str) -> None:
    module = load(name, language)
    assert set(module) == {
        "key", "course", "title", "summary", "minutes", "language", "skills", "blocks",
    }  # fmt: skip
    assert module["language"] == language
    kinds = Counter(block["kind"] for block in module["blocks"])
    assert kinds["video"] == kinds["quiz"] == 1
    assert 1 <= kinds["text"] <= 2
    assert kinds["image"] >= 1
    assert kinds["story"] + kinds["phrases"] >= 1
    assert module["blocks"][-1]["kind"] == "quiz"
    for block in module["blocks"]:
        assert re.fullmatch("[a-z0-9]{8}", block["key"])
        extra = {"title", "quote"} if block["kind"] == "story" else set()
        assert set(block["data"]) - extra == FIELDS[block["kind"]]


def test_keys_are_never_used_twice() -> None:
    keys: list[str] = []
    for name in NAMES:
        module = load(name, "ja")
        keys += [block["key"] for block in module["blocks"]]
        keys += [item["key"] for item in items(module)]
        keys += [
            option["key"]
            for item in items(module)
            for option in item["options"]
            if item["kind"] != "truefalse"
        ]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_module_belongs_to_a_course(language: str) -> None:
    courses = load("courses", language)
    assert [course["position"] for course in courses] == list(range(1, len(courses) + 1))
    assert {course["key"] for course in courses} == {load(n, language)["course"] for n in NAMES}
    assert all(course["title"] and course["summary"] for course in courses)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_questions_can_be_scored_and_explain_every_option(name: str, language: str) -> None:
    questions = items(load(name, language))
    assert len(questions) == 4
    for item in questions:
        right = [option for option in item["options"] if option["correct"] is True]
        wrong = [option for option in item["options"] if option["correct"] is False]
        assert len(right) + len(wrong) == len(item["options"])
        assert item["weight"] == 1
        assert item["stem"]
        assert item["explanation"]
        assert all(option["text"] and option["explanation"] for option in item["options"])
        if item["kind"] == "multiple":
            assert len(right) >= 2
            assert wrong
        else:
            assert len(right) == 1
        if item["kind"] == "truefalse":
            assert [option["key"] for option in item["options"]] == ["true", "false"]
        else:
            assert 3 <= len(item["options"]) <= 5


def test_the_kinds_of_questions_are_mixed() -> None:
    kinds = [Counter(item["kind"] for item in items(load(name, "ja"))) for name in NAMES]
    assert all(len(kind) >= 2 for kind in kinds)
    assert all(a["multiple"] + b["multiple"] >= 1 for a, b in itertools.pairwise(kinds))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_answer_gives_itself_away_neither_by_place_nor_by_length(language: str) -> None:
    questions = [item for name in NAMES for item in items(load(name, language))]
    singles = [item["options"] for item in questions if item["kind"] == "single"]
    places = Counter([o["correct"] for o in options].index(True) for options in singles)
    longest = [max(options, key=lambda o: len(o["text"]))["correct"] for options in singles]
    assert max(places.values()) <= len(singles) * 0.4
    assert min(places[place] for place in range(4)) >= 2
    assert sum(longest) <= len(singles) * 0.5
    truths = [item["options"][0]["correct"] for item in questions if item["kind"] == "truefalse"]
    assert 0.3 <= sum(truths) / len(truths) <= 0.7


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_words_are_kind_and_plain(name: str, language: str) -> None:
    for text in words(load(name, language)):
        assert not FORBIDDEN[language].search(text), text
    for text in blocks(load(name, language), "text"):
        assert text["markdown"].startswith("## ")
        assert not re.search(r"<\w|&\w+;|(?<!\*)\*(?![* ])", text["markdown"])
        assert "*" not in plain(to_doc(text["markdown"])), "a mark is left over as a letter"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_is_marked_somewhere_and_every_mark_is_a_term(language: str) -> None:
    terms = load("../terms", language)
    texts = [block["markdown"] for name in NAMES for block in blocks(load(name, language), "text")]
    marks = re.findall(r"\(term:([a-z]+)\)", "".join(texts))
    assert set(marks) == {term["key"] for term in terms}
    assert 10 <= len(terms) <= 15
    for term in terms:
        told = term[language]
        assert not any(FORBIDDEN[language].search(text) for text in told.values()), told
        assert len(told["meaning"]) <= (80 if language == "ja" else 160)
        assert told["reading"] or not re.search("[一-鿿]", told["word"])


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_module_is_done_in_its_minutes(name: str, language: str) -> None:
    module = load(name, language)
    reading = sum(
        len(unmarked("".join(words(block["data"]))))
        for block in module["blocks"]
        if block["kind"] in {"text", "story", "phrases", "image", "person"}
    )
    asked = sum(
        len("".join([i["stem"], *(o["text"] for o in i["options"])])) for i in items(module)
    )
    why = sum(len(o["explanation"]) for i in items(module) for o in i["options"])
    minutes = (reading + asked + why / 2) / CHARACTERS_A_MINUTE[language]
    minutes += (
        THINKING_MINUTES + clip_seconds(MEDIA / "clips" / blocks(module, "video")[0]["clip"]) / 60
    )
    assert 3 <= module["minutes"] <= 5
    assert module["minutes"] - 1 <= minutes <= module["minutes"] + 0.1
    assert len(module["title"]) <= (24 if language == "ja" else 60)
    assert len(module["summary"]) <= (60 if language == "ja" else 125)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_can_be_read(name: str, language: str) -> None:
    video = blocks(load(name, "ja"), "video")[0]
    found = cues(MEDIA / "captions" / video["captions"][language])
    other = cues(MEDIA / "captions" / video["captions"]["en" if language == "ja" else "ja"])
    assert [(cue.start, cue.end) for cue in found] == [(cue.start, cue.end) for cue in other]
    for cue in found:
        assert 1.2 <= cue.end - cue.start <= 7
        assert 1 <= len(cue.lines) <= 2
        assert max(map(len, cue.lines)) <= CAPTION_LINE[language]
        assert len("".join(cue.lines)) / (cue.end - cue.start) <= CAPTION_SPEED[language], cue
        assert not FORBIDDEN[language].search("".join(cue.lines))
    assert all(a.end < b.start for a, b in itertools.pairwise(found))
    assert found[-1].end <= clip_seconds(MEDIA / "clips" / video["clip"])


@pytest.mark.parametrize("path", sorted(MEDIA.glob("clips/*.mp4")), ids=lambda path: path.stem)
def test_what_is_written_down_about_a_clip_is_what_is_in_it(path: Path, tmp_path: Path) -> None:
    assert known_facts(path) == probing.probe(path, sniff.MP4, tmp_path)


def test_nothing_is_known_about_a_clip_that_was_changed(tmp_path: Path) -> None:
    changed = tmp_path / "price.mp4"
    changed.write_bytes((MEDIA / "clips" / "price.mp4").read_bytes() + b"\0")
    assert known_facts(changed) is None


@pytest.mark.parametrize("path", sorted(MEDIA.glob("clips/*.mp4")), ids=lambda path: path.stem)
def test_a_clip_plays_at_once_on_a_slow_phone(path: Path) -> None:
    raw = path.read_bytes()
    assert len(raw) <= 400_000
    assert raw.index(b"moov") < raw.index(b"mdat")
    assert 20 <= clip_seconds(path) <= 60
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert video.codec_context.profile in {"Baseline", "Constrained Baseline", "Main"}
        assert (video.width, video.height) == (640, 360)
        assert video.average_rate is not None
        assert 15 <= video.average_rate <= 25
        assert (audio.codec_context.name, audio.codec_context.channels) == ("aac", 1)


def test_pictures_are_small() -> None:
    for path in MEDIA.glob("pictures/*.webp"):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (640, 360))
        assert path.stat().st_size <= 25_000
    for path in MEDIA.glob("faces/*.webp"):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (256, 256))
        assert path.stat().st_size <= 8_000
    assert sum(path.stat().st_size for path in MEDIA.rglob("*") if path.is_file()) <= 5_000_000


def test_all_media_exist_and_are_used() -> None:
    people = json.loads((CONTENT / "people.json").read_text(encoding="utf-8"))
    used = {f"faces/{person['face']}.webp" for person in people}
    for name in NAMES:
        module = load(name, "ja")
        for video in blocks(module, "video"):
            used |= {f"clips/{video['clip']}", f"pictures/{video['poster']}"}
            used |= {f"captions/{file}" for file in video["captions"].values()}
        used |= {f"pictures/{image['picture']}" for image in blocks(module, "image")}
        used |= {f"faces/{story['face']}.webp" for story in blocks(module, "story")}
        used |= {f"faces/{person['face']}.webp" for person in blocks(module, "person")}
    there = {str(path.relative_to(MEDIA)) for path in MEDIA.rglob("*") if path.is_file()}
    assert used - there == set()
    assert there - used == set()


def test_posts_are_alike_in_both_languages_short_kind_and_plain() -> None:
    japanese, english = (load("posts", language) for language in LANGUAGES)
    same = ("key", "by", "hours_ago", "days", "picture")
    assert [[each.get(name) for name in same] for each in japanese] == [
        [each.get(name) for name in same] for each in english
    ]
    people = {person["key"]: person for person in json.loads((CONTENT / "people.json").read_text())}
    for language, posts in zip(LANGUAGES, (japanese, english), strict=True):
        for post in posts:
            assert people[post["by"]]["organisation"] == "client"
            assert {"author", "admin", "ace"} & set(people[post["by"]]["roles"])
            assert post["hours_ago"] < post["days"] * 24
            assert not FORBIDDEN[language].search(" ".join(words(post)))
            assert len(post["text"]) <= CHARACTERS_A_MINUTE[language]
            if "picture" in post:
                assert (MEDIA / "pictures" / post["picture"]).exists()
                assert post["alt"]
    assert not re.search("[\u3040-\u30ff\u4e00-\u9fff]", " ".join(words(english)))
