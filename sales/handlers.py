"""What sales facts do on news of people."""

from core.outbox import subscribe
from partners.events import PersonMoved, PersonReactivated
from sales import actions


@subscribe(PersonMoved, queue="bulk")
def credit_after_move(event: PersonMoved) -> None:
    """Put what they did since that day into their new place."""
    actions.credit_again(people=[event.person_id])


@subscribe(PersonReactivated, queue="bulk")
def credit_after_return(event: PersonReactivated) -> None:
    """Put what they do from today on where they came back to."""
    actions.credit_again(people=[event.person_id])
