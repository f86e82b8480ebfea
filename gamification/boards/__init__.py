"""The rankings in Redis: sorted sets that hold absolute values from the database, never sums of their own.

A month's board is a set of keys: people by points, the same people by company and points, teams and partners by
tenths of a mean, a hash of the groups' points and heads, one of the companies' numbers, the version that changes
with every write, and the marker: which run of the server the board was built in. A restarted server may have
forgotten its last seconds, so a board of an earlier run counts as lost. Every sorted set and hash holds a member
that stands for its completeness: one that was lost and is then written to has none, and is not read until it is
rebuilt.
"""

from gamification.boards.keys import BoardLostError
from gamification.boards.reading import Contents, contents, count_above, lost, version, view
from gamification.boards.writing import put, replace

__all__ = [
    "BoardLostError",
    "Contents",
    "contents",
    "count_above",
    "lost",
    "put",
    "replace",
    "version",
    "view",
]
