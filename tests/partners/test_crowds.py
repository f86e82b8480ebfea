"""A morning when everybody signs in: passwords are looked at four at once, and who comes beyond is asked to wait."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from redis.exceptions import RedisError

from core import hashers
from partners import guessing
from tests.concurrency.racing import race
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person
from tools.launch.places import ROOT

LOGIN = "/accounts/login/"
HOLD = """
import sys, django; django.setup()
from core import hashers
with hashers.slot(), hashers.slot(), hashers.slot():
    print("held", flush=True); sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Slots of our own."""
    settings.STATE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def another(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds three slots."""
    env = {**os.environ, "STATE_DIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_all_processes_together_hash_four_at_once(
    another: "subprocess.Popen[str]", folder: Path
) -> None:
    most: list[int] = []

    def hash_one() -> None:
        with hashers.slot():
            most.append(_taken())

    race([hash_one] * 6)
    assert most == [hashers.SLOTS] * 6, "three are held elsewhere, so one of ours at a time"


def test_who_dies_gives_the_slots_back(another: "subprocess.Popen[str]") -> None:
    assert _taken() == 3
    another.kill()
    another.wait()
    assert _taken() == 0


@pytest.mark.django_db
def test_who_comes_to_a_crowd_is_asked_to_come_again(settings: Any) -> None:
    make_client()
    make_person(make_partner(), login_name="misaki.t", password=PASSWORD)
    settings.SIGN_INS_AT_ONCE = 1
    typed = {"login": "misaki.t", "password": PASSWORD}
    with hashers.slot():
        answers = [Browser().post(LOGIN, typed) for _ in range(guessing.TRIES + 1)]
    assert {answer.status_code for answer in answers} == {429}
    assert {answer["Retry-After"] for answer in answers} <= {"1", "2", "3", "4"}
    assert "ただいまログインが混み合っています。" in answers[0].content.decode()
    assert Browser().post(LOGIN, typed).status_code == 302, "no guess was counted"


@pytest.mark.django_db
@pytest.mark.parametrize("redis_is_away", [False, True])
def test_an_office_signs_in_from_one_address_and_guesses_there_still_count(
    monkeypatch: Any, redis_is_away: bool
) -> None:
    if redis_is_away:
        monkeypatch.setattr("core.redisclient.client", _away)
    monkeypatch.setattr(guessing, "_PER_ADDRESS", 3)
    make_client()
    partner = make_partner()
    for number in range(5):
        make_person(partner, login_name=f"rep.{number}", password=PASSWORD)

    def answer(login: str, password: str) -> int:
        return Browser().post(LOGIN, {"login": login, "password": password}).status_code

    assert [answer(f"rep.{number}", PASSWORD) for number in range(5)] == [302] * 5
    assert [answer(f"rep.{n}", "a guess") for n in (0, 1, 2)] == [422] * 3
    assert answer("rep.3", PASSWORD) == 429


def _away() -> Any:
    raise RedisError


def _taken() -> int:
    with ExitStack() as held:
        free = 0
        while hashers._take(held):
            free += 1
        return hashers.SLOTS - free
