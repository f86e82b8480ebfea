"""Ports, addresses, and the environment that the product's programs get."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.programs import Address, Answer, ask, choose_port, is_free, settings, web


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_gives_way_to_the_next_free_one(taken: int) -> None:
    chosen = choose_port(None, taken)
    assert taken < chosen <= taken + 99
    assert is_free(chosen)


def test_a_port_that_was_asked_for_is_never_exchanged(taken: int) -> None:
    with pytest.raises(Problem, match=f"Port {taken} is in use"):
        choose_port(taken, None)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"HTT"])
def test_a_server_that_dies_while_it_answers_gave_no_answer(said: bytes) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def die() -> None:
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.sendall(said)
            connection.close()

        dying = threading.Thread(target=die)
        dying.start()
        assert ask(f"http://127.0.0.1:{listener.getsockname()[1]}/healthz") == Answer(0, "")
        dying.join()


def test_the_port_of_last_time_is_kept() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert choose_port(None, port) == port


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    places = Places(tmp_path)
    first = settings(places, Address(8000), {})["SECRET_KEY"]
    assert settings(places, Address(8000), {})["SECRET_KEY"] == first
    assert len(first) >= 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_on_the_network_the_server_speaks_https_and_stays_reachable_here(tmp_path: Path) -> None:
    address = Address(8000, "192.0.2.7", Path("/c.pem"), Path("/k.pem"))
    assert address.url == "https://192.0.2.7:8000"
    command = web(Places(tmp_path), address, {}).command
    assert {"--bind=192.0.2.7:8000", "--bind=127.0.0.1:8000", "--certfile=/c.pem"} <= set(command)
    assert settings(Places(tmp_path), address, {})["ALLOWED_HOSTS"] == (
        "192.0.2.7,127.0.0.1,localhost"
    )


def test_gunicorn_keeps_its_control_socket_among_ours(tmp_path: Path) -> None:
    places = Places(tmp_path)
    command = web(places, Address(8000), {}).command
    assert f"--control-socket={places.sockets}/gunicorn.ctl" in command
    assert len(f"{places.sockets}/postgresql/.s.PGSQL.5432") < 100
