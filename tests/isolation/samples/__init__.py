"""A body for every door that takes one: a door without one is refused by the walk."""

from tests.isolation.samples import learning, people, playing, selling
from tests.isolation.samples.values import Sample, Values

SAMPLES: dict[str, Sample] = people.SAMPLES | learning.SAMPLES | playing.SAMPLES | selling.SAMPLES

__all__ = ["SAMPLES", "Sample", "Values"]
