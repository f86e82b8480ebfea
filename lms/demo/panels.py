"""Holds the panel that the product counts against the totals that the generator kept while drawing."""

import dataclasses
from collections import Counter

from lms.demo import truth
from lms.demo.truth import Key
from partners.models import Person
from sales import measures
from sales.models import Product
from sales.queries.facts import Part
from sales.queries.panel import panel_of


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Both sides, cell for cell. A cell is a person's month with a product in one place, and a measure or currency."""

    drawn: "Counter[Key]"
    counted: "Counter[Key]"

    def differences(self) -> list[Key]:
        """Return the cells that are not equal."""
        cells = self.drawn.keys() | self.counted.keys()
        return sorted(cell for cell in cells if self.drawn[cell] != self.counted[cell])

    def sums(self) -> dict[str, tuple[int, int]]:
        """Return the sum of each measure, and of each currency, on both sides."""
        found: dict[str, tuple[int, int]] = {}
        for cell in self.drawn.keys() | self.counted.keys():
            drawn, counted = found.get(cell[-1], (0, 0))
            found[cell[-1]] = drawn + self.drawn[cell], counted + self.counted[cell]
        return found


def compare() -> Comparison:
    """Compare the demo's people. Raises FileNotFoundError where the truth isn't known. In the client's scope."""
    codes = dict(Product.objects.values_list("pk", "code"))
    people = set(Person.objects.filter(is_demo=True).values_list("pk", flat=True))
    counted: Counter[Key] = Counter()
    for line in panel_of(Part()):
        if line.person_id not in people:
            continue
        whose = str(line.person_id), str(line.organisation_id), str(line.team_id)
        month = f"{line.month:%Y-%m}"
        figures = {name: getattr(line, name) for name in measures.ALL if name != measures.AMOUNT}
        for measure, n in {**figures, **line.amounts}.items():
            if n:
                counted[*whose, codes[line.product_id], month, measure] = n
    return Comparison(truth.totals(), counted)
