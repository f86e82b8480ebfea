"""How many tests run at once on which machine."""

import pytest

from tools.launch.check import at_once

_GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("cores", "gigabytes", "processes"),
    [(1, 4, 3), (2, 24, 4), (2, 6, 3), (4, 24, 8), (4, 8, 4), (8, 64, 8), (64, 512, 8)],
)
def test_processes_go_with_cores_and_memory(cores: int, gigabytes: int, processes: int) -> None:
    assert at_once(cores, gigabytes * _GIGABYTE) == processes
