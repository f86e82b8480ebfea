"""The product's guards, and how each is taken away: what `bench.mutations` proves to be noticed by a test."""

from bench.guards import honesty, incoming, walls, work
from bench.guards.shape import Edit, Guard

EVERY = (*walls.GUARDS, *work.GUARDS, *incoming.GUARDS, *honesty.GUARDS)

__all__ = ["EVERY", "Edit", "Guard"]
