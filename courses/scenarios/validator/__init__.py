"""The validator: what keeps a scenario from being published, and what its author should think about.

Linear in scenes and choices, iterative, no paths are counted out. `states` looks at variables too.
"""

from collections.abc import Mapping

from courses.scenarios import graph
from courses.scenarios.document import Document
from courses.scenarios.validator import files, rules, shape, ways
from courses.scenarios.validator.findings import File, Finding, Report

__all__ = ["File", "Finding", "Report", "validate"]


def validate(
    document: Document,
    *,
    media: Mapping[str, File] | None = None,
    history: Mapping[str, str] | None = None,
) -> Report:
    """Return everything that is to be said about a scenario.

    `media` tells of the files that it names, by id; without it files are not looked at. `history` tells what keys
    named in published versions (`scene`, `choice`, `variable`): a key never names something else.
    """
    net = graph.of(document)
    found = [*shape.check(document, net.number), *shape.keys(document, history or {})]
    found += ways.check(document, net)
    found += rules.check(document)
    if media is not None:
        found += files.check(document, media)
    place = {key: index for index, key in enumerate(net.keys)}
    found.sort(key=lambda each: (not each.is_error, place.get(each.scene, -1)))
    return Report(tuple(found))
