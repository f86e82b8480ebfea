"""`docs/statistics.md` has every published number that is checked."""

from analytics.associations.engine import published
from tools.launch.places import ROOT


def test_every_case_stands_in_the_documentation() -> None:
    told = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    for case in published.CASES:
        assert f"| {case} |" in told
