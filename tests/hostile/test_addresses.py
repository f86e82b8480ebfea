"""Addresses as nobody's page makes them: every door answers, refuses what can't be meant, and changes nothing."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client as Browser

from tests.architecture.doors import Door, doors
from tests.architecture.world import WORDS, values_for
from tests.hostile.people import People, ask, fault_of, unchanged, wrong_with

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "partners", "courses", "sales", "gamification", "analytics")
TRUTHFUL = {"core:readyz"}
"""Tells by its status that no worker runs, which is true here."""

# What views and their filters read from addresses; the test below finds what is new.
NAMES = (
    *("archived", "by", "course", "day", "encoding", "id", "kind", "language", "measure", "module"),
    *("month", "next", "of", "organisation", "period", "poll", "product", "q", "retry", "row"),
    *("sort", "state", "step", "t", "tag", "team", "to", "token", "view", "with", "word"),
    *("source", "grain", "form", "skill", "place", "item-q001", "role", "since", "until"),
    *("about", "chapter", "moved", "panel", "scene", "attempt", "c", "told"),
    *("choice", "runs", "study", "version", "what", "who", "person"),
)
ODD = {
    "figures": ("１", "9" * 40, "-9223372036854775809", "٣٣"),
    "days and ids": (
        "0001-13",
        "9999-12-31",
        "１２３４５６７８-1234-1234-1234-123456789012",
        "2026-02-30",
    ),
    "signs": ("\u202e\u200bａ'\"--<script>", "[" * 150, "%", "\\"),
}


def doors_to_walk(people: People) -> list[tuple[Door, Browser, str]]:
    found = []
    for door in doors():
        if door.access is None or door.name in TRUTHFUL:
            continue
        for browser, side in people.fit(door.access):
            found.append(
                (door, browser, door.url(values_for(door.name, door.parameters, side.ids)))
            )
    return found


def test_every_parameter_that_a_view_reads_is_tried() -> None:
    read = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            read |= set(
                re.findall(r'GET\.get(?:list)?\("([\w-]+)"', file.read_text(encoding="utf-8"))
            )
    assert len(read) > 25
    assert read - {"page"} <= set(NAMES)


@pytest.mark.parametrize("what", ODD)
def test_odd_parameters_break_no_door(people: People, what: str) -> None:
    broken, walked = [], doors_to_walk(people)
    sent = "&".join(f"{name}={quote(ODD[what][n % 4])}" for n, name in enumerate(NAMES))
    with unchanged():
        for door, browser, url in walked:
            answer = ask(browser, "GET", f"{url}?{sent}")
            if answer.status_code >= 500:
                broken.append((door.name, fault_of(answer)))
            elif door.route.startswith("api/v1/") and door.name not in {
                "core:openapi",
                "core:api_docs",
            }:
                assert answer.status_code in {400, 405}, door.name
    assert not broken
    assert len(walked) > 220


@pytest.mark.parametrize("sent", ["q=a%00b", "page=%EF%BC%91", "%00=1"])
def test_what_no_page_makes_is_refused_at_every_door(people: People, sent: str) -> None:
    let_in = []
    with unchanged():
        for door, browser, url in doors_to_walk(people):
            if door.access.admits(None):
                continue
            answer = ask(browser, "GET", f"{url}?{sent}", headers={"accept": "application/json"})
            if answer.status_code not in {400, 405} or (
                answer.status_code == 400 and wrong_with(answer)
            ):
                let_in.append((door.name, fault_of(answer), wrong_with(answer)))
    assert not let_in


@pytest.mark.parametrize(
    "page", ["１", "٣", "0", "-1", "1.0", "1_0", "+1", "x", "9" * 20, "1e3", "%00", "0x1"]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_page_s_number_is_in_plain_digits(people: People, page: str, language: str) -> None:
    browser = people.browser("admin")
    url = f"/people/?page={page if page == '%00' else quote(page)}"
    people.speak(browser, language)
    answer = ask(browser, "GET", url, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert wrong_with(answer, language) == ""
    assert json.loads(answer.content)["field"] == "page"
    shown = ask(browser, "GET", url)
    assert shown.status_code == 400
    assert shown["Content-Type"].startswith("text/html")


def test_a_page_beyond_the_end_is_the_last_one(people: People) -> None:
    for page in ("999", "", "999999999"):
        assert ask(people.browser("admin"), "GET", f"/people/?page={page}").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        *("q=%ED%A0%80", "q=%FF%FE", "q=%F0%9F", "q=%", "q=%zz", "&&&=&=", "q=%E2%80%AE" * 50),
        "&".join(f"a{n}=1" for n in range(600)),
    ],
)
def test_broken_addresses_break_no_list(people: People, raw: str) -> None:
    for url in ("/people/", "/learn/find/", "/team/members/", "/authoring/bank/", "/progress/"):
        answer = ask(people.browser("admin"), "GET", f"{url}?{raw}")
        assert answer.status_code in {200, 302, 400}, (url, fault_of(answer))


@pytest.mark.parametrize(
    "value", ["%00", "１", "9" * 30, "x" * 3000, "%E2%80%AE", "%0d%0aX: 1", "a%2F.."]
)
def test_odd_words_in_a_path_name_nothing(people: People, value: str) -> None:
    broken = []
    written = value if "%" in value else quote(value)
    for door in doors():
        for parameter in door.parameters:
            ids = {**people.ours.ids, **WORDS}
            url = door.url(values_for(door.name, door.parameters, people.ours.ids))
            kept = str(values_for(door.name, door.parameters, ids)[parameter])
            head, found, tail = url.rpartition(f"/{kept}")
            if not found or door.access is None:
                continue
            for browser, _side in people.fit(door.access)[:1]:
                answer = ask(browser, "GET", f"{head}/{written}{tail}", back=True)
                if answer.status_code >= 500 or "X" in answer.headers:
                    broken.append((door.name, parameter, fault_of(answer)))
    assert not broken


@pytest.mark.parametrize(
    "cookie",
    ['"abcdefgh\\000"', "x" * 8000, "\u202e", "a" * 31 + "A", "%00" * 20, "null", "{}"],
)
def test_a_cookie_that_we_never_made_is_a_stranger_s(people: People, cookie: str) -> None:
    for name in ("session", "csrf", "language", "theme", "messages", "device"):
        answer = ask(
            Browser(raise_request_exception=False),
            "GET",
            "/people/",
            headers={"cookie": f"{name}={cookie}".encode().decode("latin-1")},
        )
        assert answer.status_code == 302, (name, fault_of(answer))
        assert "/accounts/login/" in answer["Location"]
