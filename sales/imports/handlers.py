"""What imports do on their own news."""

from core.outbox import subscribe
from sales.imports import webhooks
from sales.imports.events import ImportFinished


@subscribe(ImportFinished, queue="bulk")
def announce_done(event: ImportFinished) -> None:
    """Let other systems hear of it."""
    webhooks.tell_done(event)
