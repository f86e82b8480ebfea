"""What other systems hear of imports."""

from django.utils.translation import gettext_lazy as _

from partners.webhooks import kinds
from partners.webhooks.actions import announce
from sales.imports.events import ImportFinished

DONE = "import.done"


def declare_all() -> None:
    """Say which news we bring."""
    kinds.declare(DONE, _("Import done"), _("When a file of sales figures has been taken in."))


def tell_done(event: ImportFinished) -> None:
    """Announce that a file was taken in; once for each."""
    announce(
        kind=DONE,
        organisation=event.organisation_id,
        source_key=f"{event.import_id}",
        at=event.finished_at,
        data={
            "import_id": event.import_id,
            "source_id": event.source_id,
            "grain": event.grain,
            "brought_by": event.brought_by,
            "finished_at": event.finished_at,
            "new": event.new,
            "changed": event.changed,
            "unchanged": event.unchanged,
            "left_out": event.left_out,
        },
    )
