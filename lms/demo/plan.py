"""A demo world as it is going to be built: everything that needs no database. Pure, apart from reading files."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.conf import settings

from lms.demo import catalogue, playing, script, staging
from lms.demo.calendar import Calendar
from lms.demo.content import Content, read
from lms.demo.learning import Story, Way
from lms.demo.people import Census
from lms.demo.places import Place, places
from lms.demo.playing import Play
from lms.demo.population import Rep
from lms.demo.sales import Finishes
from lms.demo.world import World, draw

SEED = 20_240_401


@dataclasses.dataclass(frozen=True)
class Plan:
    """The world, its people on real days, and its content. The same order always gives the same plan.

    `learners` are the world's reps and the staff who learn; `finishes` are those of both.
    """

    seed: int
    content: Content
    calendar: Calendar
    world: World
    learners: Sequence[Rep]
    finishes: Finishes
    places: Sequence[Place]

    @property
    def census(self) -> Census:
        """The people."""
        return Census(self.content, self.learners, self.seed, self.calendar, self.places)

    def ways(self, lengths: Mapping[str, int]) -> list[Way]:
        """Return what everybody did. `lengths`: milliseconds of each lesson's video."""
        materials = catalogue.materials(self.content, self.calendar, self.seed, lengths)
        story = Story(
            seed=self.seed,
            learners=self.learners,
            lessons=self.world.settings.lessons,
            finishes=self.finishes,
            calendar=self.calendar,
            materials=materials,
            scenes=script.scenes(self.calendar),
        )
        return list(story.ways())

    def plays(self) -> list[Play]:
        """Return what everybody who sells said in the scenarios."""
        stages = staging.stages(self.content, self.calendar)
        return list(playing.plays(self.seed, self.world.reps, stages, self.calendar))


def plan(language: str, now: dt.datetime, seed: int = SEED) -> Plan:
    """Draw a world in this language that has gone on until now."""
    content = read(language)
    calendar = Calendar(now, script.MONTHS, ZoneInfo(settings.TIME_ZONE))
    world = draw(script.settings(content, calendar), seed)
    staff, lessons_of_staff = script.staff(content, len(world.reps))
    return Plan(
        seed=seed,
        content=content,
        calendar=calendar,
        world=world,
        learners=[*world.reps, *staff],
        finishes={**world.finishes, **lessons_of_staff},
        places=places(content, world.settings, calendar, seed),
    )
