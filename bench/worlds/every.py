"""All worlds, by name."""

from bench.worlds import courses, hiding, moments, overtime
from bench.worlds.case import Case

_ALL = (*overtime.CASES, *courses.CASES, *moments.CASES, *hiding.CASES)


def _place(case: Case) -> tuple[int, str]:
    return int(case.name.strip("S+b")), case.name


CASES: dict[str, Case] = {case.name: case for case in sorted(_ALL, key=_place)}
