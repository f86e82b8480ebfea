"""What summaries do on news. They wait behind scores: a page may be a minute late, a result may not.

That somebody has learnt is only noted, beside the score and in its transaction; `mend()` counts it.
"""

from analytics import actions
from core.outbox import subscribe
from courses.progress.events import ProgressChanged
from partners.events import (
    OrganisationResumed,
    OrganisationStopped,
    PersonDeactivated,
    PersonMoved,
    PersonReactivated,
    RolesChanged,
)


@subscribe(ProgressChanged, once_per=("person_id", "module_id"))
def count_later(event: ProgressChanged) -> None:
    """Note that the person, the module and the month are to be counted."""
    actions.learnt(person_id=event.person_id, module_id=event.module_id)


@subscribe(PersonMoved, queue="bulk")
def count_both_places(event: PersonMoved) -> None:
    """Count the place they left and the one they came to."""
    before = event.from_organisation_id, event.from_team_id or event.from_organisation_id
    after = event.to_organisation_id, event.to_team_id or event.to_organisation_id
    actions.moved(people=[event.person_id], between=[before, after])


@subscribe(PersonDeactivated, queue="bulk")
def count_without(event: PersonDeactivated) -> None:
    """Count their place without them."""
    place = event.organisation_id, event.team_id or event.organisation_id
    actions.moved(people=[event.person_id], between=[place])


@subscribe(PersonReactivated, queue="bulk")
def count_again(event: PersonReactivated) -> None:
    """Count them again."""
    place = event.organisation_id, event.team_id or event.organisation_id
    actions.moved(people=[event.person_id], between=[place])


@subscribe(RolesChanged, queue="bulk")
def count_in_new_roles(event: RolesChanged) -> None:
    """Count them, or no more: only reps count."""
    actions.moved(people=[event.person_id])


@subscribe(OrganisationStopped, queue="bulk", once_per=("organisation_id",))
def sum_up_without(event: OrganisationStopped) -> None:
    """Have the sums for everybody made without this partner."""
    actions.sums_due(organisation_id=event.organisation_id)


@subscribe(OrganisationResumed, queue="bulk", once_per=("organisation_id",))
def sum_up_again(event: OrganisationResumed) -> None:
    """Have them made with it again."""
    actions.sums_due(organisation_id=event.organisation_id)
