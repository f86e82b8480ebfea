"""What other systems hear of progress."""

from django.utils.translation import gettext_lazy as _

from courses.progress.events import ModuleFinished
from partners.webhooks import kinds
from partners.webhooks.actions import announce, is_heard

FINISHED = "module.finished"


def declare_all() -> None:
    """Say which news we bring."""
    when = _("When somebody finishes a module for the first time.")
    kinds.declare(FINISHED, _("Module finished"), when)


def is_finish_heard(event: ModuleFinished) -> bool:
    """Say whether anybody wants to hear of a finished module. One query."""
    return is_heard(kind=FINISHED, organisation=event.organisation_id)


def tell_finished(event: ModuleFinished) -> None:
    """Announce that somebody finished a module; once for each of both."""
    announce(
        kind=FINISHED,
        organisation=event.organisation_id,
        source_key=f"{event.person_id}:{event.module_id}",
        at=event.finished_at,
        data={
            "person_id": event.person_id,
            "organisation_id": event.organisation_id,
            "team_id": event.team_id,
            "module_id": event.module_id,
            "attempt_id": event.attempt_id,
            "finished_at": event.finished_at,
        },
    )
