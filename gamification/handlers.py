"""What points, badges and rankings do on news."""

import datetime as dt

from core.outbox import subscribe
from courses.progress.events import LearningDayBegun, ModuleFinished, ModuleUnderstood
from courses.quizzes.events import AttemptScored
from courses.scenarios.events import ScenarioRunFinished
from gamification import actions, badges
from gamification.events import PointsAwarded
from gamification.queries import own
from partners.events import (
    OrganisationResumed,
    OrganisationStopped,
    PersonDeactivated,
    PersonMoved,
    PersonReactivated,
)


@subscribe(AttemptScored)
def award_answers(event: AttemptScored) -> None:
    """Book right first answers; a re-scoring may also make a quiz all right."""
    actions.award_points(event=event)
    if event.is_first and event.scoring > 1:
        actions.award_badges(
            person_id=event.person_id,
            organisation_id=event.organisation_id,
            cause=own.attempt_cause(event.attempt_id),
        )


@subscribe(ScenarioRunFinished)
def award_choices(event: ScenarioRunFinished) -> None:
    """Book the best choices of a first run."""
    actions.award_points(event=event)


@subscribe(ModuleFinished)
def award_module(event: ModuleFinished) -> None:
    """Book the finished module and look for badges."""
    actions.award_points(event=event)
    actions.award_badges(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        cause=own.attempt_cause(event.attempt_id or event.module_id),
    )


@subscribe(ModuleUnderstood)
def award_understanding(event: ModuleUnderstood) -> None:
    """Look for badges: understanding earns no points, so that nobody repeats for their sake.

    What came with the module's finish was looked for with that.
    """
    if event.with_finish:
        return
    actions.award_badges(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        cause=own.understood_cause(event.module_id, event.at),
    )


@subscribe(LearningDayBegun, queue="bulk")
def award_days(event: LearningDayBegun) -> None:
    """Look for the badges of days, also where nothing is finished or understood; nobody waits for them."""
    actions.award_badges(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        cause=own.day_cause(event.person_id, event.day),
        among=badges.OF_DAYS,
    )


@subscribe(PointsAwarded, once_per=("person_id", "month"))
def refresh_standing(event: PointsAwarded) -> None:
    """Sum up the month in which the points count."""
    actions.refresh_standing(person_id=event.person_id, month=dt.date.fromisoformat(event.month))


@subscribe(PersonMoved)
def recount_after_move(event: PersonMoved) -> None:
    """Bring both companies' teams up to date."""
    organisations = [event.from_organisation_id, event.to_organisation_id]
    actions.recount(person_id=event.person_id, organisation_ids=organisations)


@subscribe(PersonDeactivated)
def recount_after_leaving(event: PersonDeactivated) -> None:
    """Leave the person out of the team's mean."""
    actions.recount(person_id=event.person_id, organisation_ids=[event.organisation_id])


@subscribe(PersonReactivated)
def recount_after_return(event: PersonReactivated) -> None:
    """Count the person in the team's mean again."""
    actions.recount(person_id=event.person_id, organisation_ids=[event.organisation_id])


@subscribe(OrganisationStopped, queue="bulk", once_per=("organisation_id",))
def recount_after_stop(event: OrganisationStopped) -> None:
    """Leave the partner and its teams out of months that begin after the stop."""
    actions.recount_groups(organisation_id=event.organisation_id)


@subscribe(OrganisationResumed, queue="bulk", once_per=("organisation_id",))
def recount_after_resuming(event: OrganisationResumed) -> None:
    """Rank the partner and its teams again."""
    actions.recount_groups(organisation_id=event.organisation_id)
