"""Periodic jobs of the apps: here, and only here, their functions become Celery's tasks."""

from collections.abc import Callable
from typing import Any

from celery import shared_task


def job(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Make a function a task of this name, for the clock in `lms.celery` or for `core.bell.call()`.

    What it returns is dropped; words that a newer version sends along are ignored.
    """

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        @shared_task(name=name)
        def run(*_: Any, **__: Any) -> None:
            function()

        return function

    return register
