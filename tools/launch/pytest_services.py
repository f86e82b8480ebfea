"""A pytest plugin that has PostgreSQL and Redis running before Django reads its settings.

It does so while it is imported: pytest-django reads the settings before any conftest. Under xdist
only the controller starts services; its workers inherit where they are.
"""

import atexit
import faulthandler
import json
import os
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from tools.launch import debian
from tools.launch.console import Problem
from tools.launch.processes import Supervisor
from tools.launch.testbed import Testbed, take_folder, version_of

_STATE = "TOMONI_TEST_STATE"
_RESULT = "TOMONI_TEST_RESULT"
_LAST_PATIENCE = 60.0
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_header = ""


def _begin() -> Testbed:
    tools = debian.find()
    if tools is None:
        raise pytest.UsageError("The tests need Chromium, Redis and gettext: run `./test` once.")
    os.environ.update(tools.environment)
    os.environ["TOMONI_WHOLE_CHROMIUM"] = str(tools.chromium)
    os.environ["TOMONI_HEADLESS_SHELL"] = str(tools.headless_shell)
    os.environ["TOMONI_CHROMIUM_LIBRARIES"] = tools.library_path
    if _WORKER:
        return Testbed.at(Path(os.environ[_STATE]), tools)
    began = time.monotonic()
    try:
        state, lock = take_folder()
        os.environ[_STATE] = str(state)
        bed = Testbed.at(state, tools)
        supervisor = Supervisor(bed.places.logs, print)
        atexit.register(_end, bed, supervisor, lock)
        bed.start(supervisor)
        version = version_of(bed.redis)
    except Problem as problem:
        raise pytest.UsageError(str(problem)) from problem
    global _header  # noqa: PLW0603 - told to pytest later on
    _header = f"services: PostgreSQL, Redis {version} ({time.monotonic() - began:.1f} s)"
    return bed


def _end(bed: Testbed, supervisor: Supervisor, lock: IO[str]) -> None:
    supervisor.stop()
    bed.places.forget_sockets()
    lock.close()


bed = _begin()
os.environ.update(bed.environment(_WORKER))
# In-process pages take style sheets as they are; the browser tests' server hashes and packs them.
os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Playwright's event loop makes Django believe that every query comes from asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
for folder in ("STATIC_ROOT", "MEDIA_ROOT"):
    Path(os.environ[folder]).mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Have the process end soon, even where a thread that a test left behind would keep it."""
    faulthandler.dump_traceback_later(_LAST_PATIENCE, exit=True, file=sys.__stderr__ or sys.stderr)


def pytest_report_header() -> str:
    """Name the services at the top of the run."""
    return _header


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what passed only when walked again, and leave the counts for `./test`, which closes with them."""
    stats = terminalreporter.stats
    for report in stats.get("rerun", []):
        terminalreporter.write_line(f"WALKED AGAIN {report.nodeid}", yellow=True)
        terminalreporter.write_line(report.longreprtext)
    if _RESULT not in os.environ or _WORKER:
        return
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    counts = {"passed": len(stats.get("passed", [])), "failed": failed}
    counts["skipped"] = len(stats.get("skipped", []))
    Path(os.environ[_RESULT]).write_text(json.dumps(counts), encoding="utf-8")
