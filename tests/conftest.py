"""Fixtures for all tests; each is explained where it is defined."""

import gc

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation

from tests.core.broker import quiet_broker
from tests.plugin.browser import (
    axe,
    browser,
    context,
    device,
    engine,
    headless_shell,
    language,
    new_context,
    page,
    playwright,
    sign_in,
)
from tests.plugin.database import _empty_redis, _own_redis, django_db_setup
from tests.plugin.processes import beat, collect_static_files, processes, site, worker

__all__ = [
    "_empty_redis",
    "_own_redis",
    "axe",
    "beat",
    "browser",
    "context",
    "device",
    "django_db_setup",
    "engine",
    "headless_shell",
    "language",
    "new_context",
    "page",
    "playwright",
    "processes",
    "quiet_broker",
    "sign_in",
    "site",
    "worker",
]

# A busy machine is no bug: nothing is to depend on how long an example takes.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


def pytest_configure() -> None:
    """Have each test's client look a static file up when it is asked for, rather than all of them beforehand."""
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_sessionstart(session: pytest.Session) -> None:
    """Pack the static files before several test processes share them: none may look while another one packs."""
    shared = session.config.getoption("numprocesses", None)
    if shared and not hasattr(session.config, "workerinput"):
        collect_static_files()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where everything is tested at once: the longest first, and a walk in a browser that failed once more.

    A long test that begins last would leave the other process idle. The run's summary names a walk that was
    repeated all the same: one that fails by itself fails at once (decision 047).
    """
    if not (config.getoption("numprocesses", None) or hasattr(config, "workerinput")):
        return
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """Collect garbage less often, and never look through what the tests are made of: a thirtieth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin each test in the product's own language: a page that an earlier test asked for may have been English."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_worker_of_others(request: pytest.FixtureRequest) -> None:
    """Ring where nobody hears it in a test that commits but asked for no worker.

    One that an earlier test started still listens, and would do this test's work before the test does.
    """
    mark = request.node.get_closest_marker("django_db")
    commits = mark is not None and mark.kwargs.get("transaction")
    if commits and not {"worker", "site"} & set(request.fixturenames):
        request.getfixturevalue("quiet_broker")
