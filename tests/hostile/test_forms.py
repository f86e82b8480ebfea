"""Forms filled in by machines: no door breaks, whatever stands in their fields, and nobody forges one."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.test import Client as Browser

from tests.architecture.doors import Door, doors
from tests.architecture.world import values_for
from tests.hostile.people import People, ask, fault_of, unchanged
from tests.hostile.test_addresses import APPS, ROOT
from tests.partners.factories import sign_in

_ENDS = {"account_logout", "partners:demo_sign_in", "account_login"}
"""Doors that change who sits at the browser."""
_FORM = "application/x-www-form-urlencoded"


def _fields() -> set[str]:
    """Return the names of all fields of all forms, and of those that views read themselves."""
    found = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            found |= set(re.findall(r'POST\.get(?:list)?\("([\w.-]+)"', text))
    kinds = [forms.Form]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.partition(".")[0] in APPS:
            found |= set(kind.base_fields)
    return found


ODD = {
    "signs that can't be kept": ("a%00b", "%ED%A0%80", "%FF"),
    "figures": (quote("１２３"), "9" * 60, "-1"),
    "days": ("0001-01-01", "9999-12-31", "2026-02-30"),
    "markup": (
        quote("<img src=x onerror=alert(1)>"),
        quote("\u202eab\u2066\r\nBcc: x"),
        "x" * 1500,
    ),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_fields_break_no_door(people: People, what: str) -> None:
    every_door = doors()  # reads all views, and with them all forms
    fields = _fields()
    body = "&".join(f"{name}={ODD[what][n % 3]}" for n, name in enumerate(sorted(fields)))
    broken, walked = [], 0
    for door in every_door:
        if door.access is None or door.name in _ENDS or door.route.startswith("api/v1/"):
            continue
        for browser, side in people.fit(door.access)[:1]:
            url = door.url(values_for(door.name, door.parameters, side.ids))
            answer = ask(browser, "POST", url, data=body, content_type=_FORM, back=True)
            walked += answer.status_code != 405
            if answer.status_code >= 500:
                broken.append((door.name, fault_of(answer)))
    assert not broken
    assert len(fields) > 60
    assert walked > 70


def test_no_form_of_another_site_is_taken(people: People) -> None:
    """Each door is knocked at by one person of each side who may come in."""
    taken, walked = [], 0
    for side in (people.ours, people.mine):
        browsers = {
            role: sign_in(
                Browser(enforce_csrf_checks=True, raise_request_exception=False), side.people[role]
            )
            for role in ("admin", "author", "rep")
        }
        with unchanged():
            for door in doors():
                may = [role for role in browsers if _admits(door, role)]
                if not may:
                    continue
                url = door.url(values_for(door.name, door.parameters, side.ids))
                sent: dict[str, Any] = {"data": "a=1", "content_type": _FORM}
                if door.route.startswith("api/"):
                    sent = {"data": "{}", "content_type": "application/json"}
                answer = ask(browsers[may[0]], "POST", url, **sent)
                walked += 1
                if answer.status_code not in {403, 404, 405}:
                    taken.append((may[0], door.name, answer.status_code))
    assert not taken
    assert walked > 300


def _admits(door: Door, role: str) -> bool:
    return door.access is not None and bool(door.access.admits(frozenset([role])))


def test_nobody_is_signed_in_by_another_site(people: People) -> None:
    stranger = Browser(enforce_csrf_checks=True)
    for url in ("/accounts/login/", "/accounts/link/", f"/i/{'a' * 43}/"):
        answer = stranger.post(url, {"login": "x@example.com", "password": "x"})
        assert answer.status_code == 403, url
        assert "session" not in answer.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"x-csrftoken": "x" * 64},
        {"x-csrftoken": "é" * 10},
        {"x-csrftoken": "a" * 100_000},
    ],
)
def test_a_token_of_elsewhere_is_none(people: People, headers: dict[str, str]) -> None:
    browser = sign_in(Browser(enforce_csrf_checks=True), people.ours.people["admin"])
    browser.get("/profile/")
    right = browser.cookies["csrf"].value
    headers = {"x-csrftoken": right, **headers}
    answer = browser.post("/language/", {"language": "en"}, headers=headers)
    assert answer.status_code == 403
