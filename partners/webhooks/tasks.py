"""Periodic jobs of webhooks. Each calls one action and survives being run twice."""

from core.jobs import job
from partners.webhooks.actions import sending, tidying
from partners.webhooks.actions.announcing import SEND


@job(SEND)
def send() -> None:
    """Send what is due: rung for after each piece of news, and by the clock for retries and what a crash left."""
    sending.send_waiting()


@job("webhooks.forget")
def forget() -> None:
    """Delete what was told long ago."""
    tidying.forget_old()
