"""`./run manage COMMAND …`: the product's own command line, beside what `./run` keeps running."""

import os
from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from tools.launch import programs, running
from tools.launch.console import Problem
from tools.launch.install import PYTHON
from tools.launch.places import ROOT, Places
from tools.launch.programs import Address
from tools.launch.services import Services

WORD = "manage"


def go_on(arguments: Sequence[str]) -> NoReturn:
    """Go on as `manage.py` with these words, in the environment of the Tomoni that runs here.

    Raises Problem where none runs, or it is still starting.
    """
    places = Places.of_the_project()
    url = running.where(places)
    if not url:
        raise Problem(
            f"Nothing runs yet with the data in {places.state}. `./run {WORD}` needs its database: start "
            "`./run` in another terminal and wait for the address."
        )
    services = Services.of(places).environment()
    environment = programs.settings(places, _address(places, url), services)
    environment["TOMONI_ROLE"] = (
        "owner"  # whatever role the shell was in: as when `./run` itself manages
    )
    command = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    # It takes this process's place, so that a terminal's keys and the exit code are its own.
    os.execve(PYTHON, command, environment)  # noqa: S606 - the words are the caller's own; a shell would split them


def _address(places: Places, url: str) -> Address:
    """Return what the note of the running Tomoni tells of its address."""
    parts = urlsplit(url)
    certificate = places.state / "lan" / "certificate.pem" if parts.scheme == "https" else None
    return Address(parts.port or programs.FIRST_PORT, parts.hostname or "127.0.0.1", certificate)
