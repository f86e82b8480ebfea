"""`./run` refuses what would surprise, and services are ours or the person's, never half."""

from pathlib import Path

import pytest

from tools.launch import world
from tools.launch.console import Problem
from tools.launch.options import Options, parse
from tools.launch.places import Places
from tools.launch.services import Services


def _options(*words: str) -> Options:
    return parse(words)


def test_a_demo_world_in_another_language_is_not_passed_off_as_the_wished_one(
    tmp_path: Path,
) -> None:
    places = Places(tmp_path)
    places.write("choices", {"world": "demo", "lang": "ja"})
    with pytest.raises(Problem, match=r"is in Japanese. `./run --reset --lang en`"):
        world.agree(_options("--lang", "en"), places)
    world.agree(_options("--lang", "ja"), places)
    world.agree(_options("--lang", "en", "--reset"), places)


def test_an_empty_start_does_not_pretend_when_the_demo_world_is_there(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.write("choices", {"world": "demo", "lang": "ja"})
    with pytest.raises(Problem, match="--reset --empty"):
        world.agree(_options("--empty"), places)


def test_own_data_is_erased_only_after_the_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(tmp_path)
    places.write("choices", {"world": "own"})
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    with pytest.raises(Problem, match="Nothing was erased"):
        world.agree(_options("--reset"), places)
    monkeypatch.setattr("builtins.input", lambda _: "erase")
    world.agree(_options("--reset"), places)


def test_erasing_keeps_the_port_because_phones_know_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_addresses(monkeypatch)
    places = Places(tmp_path).make()
    places.write("choices", {"world": "demo", "lang": "en", "port": 8003})
    places.write("stamps", {"database": "x"})
    (tmp_path / "media").mkdir()
    world.erase(places, Services.of(places))
    places.forget_sockets()
    assert places.read("choices") == {"port": 8003}
    assert places.read("stamps") == {}
    assert not (tmp_path / "media").exists()


def test_services_of_the_person_win_and_are_never_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL"):
        monkeypatch.setenv(name, "postgresql://db.example/tomoni")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/1")
    monkeypatch.setenv("BROKER_URL", "redis://redis.example/0")
    services = Services.of(Places(tmp_path))
    assert services.programs() == []
    assert services.environment()["REDIS_URL"] == "redis://redis.example/1"
    with pytest.raises(Problem, match="only services of its own"):
        services.erase()


def test_half_a_set_of_addresses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_addresses(monkeypatch)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/tomoni")
    with pytest.raises(Problem, match="DATABASE_OWNER_URL and DATABASE_WORKER_URL"):
        Services.of(Places(tmp_path))


def _without_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("REDIS_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
