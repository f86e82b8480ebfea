"""Periodic jobs of the apps: here, and only here, their functions become Celery's tasks."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from celery import shared_task
from celery.signals import worker_init


def job(name: str, *, hours: int = 0) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Make a function a task of this name, for the clock in `lms.celery` or for `core.bell.call()`.

    What it returns is dropped; words that a newer version sends along are ignored. One that may take `hours` is
    acknowledged at once: it must not be rung for again while it is at work, and finds by itself what was left.
    """
    options: dict[str, Any] = {"acks_late": False, "time_limit": hours * 3600} if hours else {}

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        @shared_task(name=name, **options)
        def run(*_: Any, **__: Any) -> None:
            function()

        return function

    return register


def preload(queue: str, module: str) -> None:
    """Have a worker of this queue alone read a module before its processes are made, which then share it."""

    @worker_init.connect(weak=False)
    def read(sender: Any, **_: Any) -> None:
        if set(sender.app.amqp.queues.consume_from) == {queue}:
            import_module(module)
