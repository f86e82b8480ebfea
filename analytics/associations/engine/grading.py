"""Evidence grades: what was found decides, and nothing else. Pure.

A by lot; B an event study with nothing seen before and sensitivity told; C the same unit over time, a lag fixed
beforehand, and the lead test passed; D raw association; E not enough data. A grade fixes the verbs: see `telling`.
"""

from analytics.associations.engine import estimate, findings
from analytics.associations.engine.answer import Answer, Part
from analytics.associations.engine.estimate import Estimate

A, B, C, D, E = "A", "B", "C", "D", "E"
LEAST_UNITS = 30
LEAST_GROUPS = 6
"""With fewer groups nothing above D is said of what holds beyond them."""

_ENOUGH = {findings.FEW_UNITS, findings.FEW_TREATED, findings.FEW_TREATED_GROUPS}
_SILENT = {findings.NO_VARIATION, findings.CONSTANT, *_ENOUGH}
OVER_TIME = (findings.LEAD, findings.LEAD_UNKNOWN, findings.OTHER_LAG, findings.FEW_TIMES)
"""What forbids to believe the same unit over time."""
_UNSEEN = {findings.NO_PRE_TREND, findings.NO_SENSITIVITY}
_NOT_BEFORE = {*_UNSEEN, findings.NO_COMPARISON, findings.NOBODY_LEFT}
_WAYS = (
    estimate.EVENT_STUDY,
    estimate.DID,
    estimate.AIPW,
    estimate.DIFFERENCE,
    estimate.BEFORE_AFTER,
)
_BY_LOT = (estimate.EVENT_STUDY, estimate.DID, estimate.DIFFERENCE)
_BEFORE = (findings.DIP, findings.PRE_TREND)


def learning(part: Part, *, by_lot: bool = False) -> Answer:
    """Grade what is told of one learning column and one sales column."""
    silent = sorted(part.codes(findings.REFUSAL) & _SILENT)
    same = part.find(estimate.FIXED_EFFECTS)
    difference = part.find(estimate.DIFFERENCE)
    if silent:
        return _answer(part, E, tuple(silent), None)
    if by_lot and difference:
        return _answer(part, A, (findings.BY_LOT,), difference)
    if same and not (doubts := _doubts(part)):
        return _answer(part, C, (findings.SAME_UNIT,), same)
    return _beside(part, doubts if same else ())


def _beside(part: Part, doubts: tuple[str, ...]) -> Answer:
    """Grade what is told of units beside each other."""
    if part.turns():
        return _answer(part, D, (findings.RAW, findings.SIGN_ADJUSTED), None)
    if findings.CEILING in part.codes(findings.REFUSAL):
        return _answer(part, E, (findings.CEILING,), None)
    headline = part.find(estimate.WITHIN) or part.find(estimate.POOLED)
    if headline is None and findings.SIGN_DIFFERS in part.codes():
        return _answer(part, D, (findings.RAW, findings.SIGN_DIFFERS), None)
    if headline is None or headline.low is None:
        return _answer(part, E, (findings.NO_VARIATION,), None)
    return _answer(part, D, (findings.RAW, *doubts), headline)


def _doubts(part: Part) -> tuple[str, ...]:
    """Return why the same unit over time can't be believed."""
    codes = part.codes()
    found = [code for code in OVER_TIME if code in codes]
    if part.grouped and part.groups < LEAST_GROUPS:
        found.append(findings.FEW_GROUPS)
    return tuple(found)


def treatment(part: Part, *, by_lot: bool = False) -> Answer:
    """Grade what is told of a course, a programme or a launch."""
    refused = part.codes(findings.REFUSAL)
    if few := sorted(refused & _SILENT):
        return _answer(part, E, tuple(few), None)
    forbids = [code for code in _BEFORE if code in refused]
    if findings.SIGN_ADJUSTED in part.codes() and not by_lot:
        forbids.append(findings.SIGN_ADJUSTED)
    if forbids:
        after = part.find(estimate.DIP_MATCHED) if findings.DIP in forbids else None
        return _answer(part, D, tuple(forbids), after)
    held = part.withheld()
    ways = _BY_LOT if by_lot else _WAYS
    found = part.find(*(each for each in ways if each not in held))
    if found is None:
        return _answer(part, E, tuple(sorted(refused)) or (findings.NOT_COMPUTED,), None)
    if by_lot:
        return _answer(part, A, (findings.BY_LOT,), found)
    if found.method == estimate.EVENT_STUDY and not part.codes() & _UNSEEN:
        return _answer(part, B, (findings.FLAT_BEFORE,), found)
    return _answer(part, D, (findings.RAW, *sorted(part.codes() & _NOT_BEFORE)), found)


def _answer(part: Part, grade: str, reasons: tuple[str, ...], headline: Estimate | None) -> Answer:
    if headline:
        smallest = headline.smallest
    else:
        known = [each.smallest for each in part.estimates if each.smallest is not None]
        smallest = known[0] if known else None
    return Answer(
        part.learning, part.sales, grade, reasons, headline, smallest, part.findings, part.turns()
    )
