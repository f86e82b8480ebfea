"""Variables, conditions and effects: declared, of the right kind, and of use."""

from collections.abc import Iterator, Sequence

from courses.scenarios import conditions
from courses.scenarios.conditions import EQUALITY, Attempt, Chose, Condition, Var
from courses.scenarios.document import Choice, Document, Effect, Scene, Variable
from courses.scenarios.validator import domains
from courses.scenarios.validator.findings import Finding


def check(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with variables and with everything that is said of them."""
    used: set[str] = set()
    for scene in document.scenes:
        if scene.parked:
            continue
        free = False
        for choice in scene.choices:
            free = free or choice.condition is None
            # A plain choice has none of these: most are plain.
            if choice.condition or choice.routes or choice.effects or choice.skills:
                yield from _choice(document, scene, choice, used)
        if scene.choices and not free:
            yield from _offer(document, scene)
    for variable in document.variables:
        yield from _variable(variable)
        if variable.key not in used:
            params = {"var": variable.key, "name": variable.name}
            yield Finding("unused_variable", params=params)


def _variable(variable: Variable) -> Iterator[Finding]:
    params = {"var": variable.key, "name": variable.name}
    if not variable.name.strip():
        yield Finding("variable_unnamed", params=params)
    if variable.kind == "enum" and not variable.words:
        yield Finding("enum_without_words", params=params)
    elif not variable.fits(variable.initial):
        yield Finding("bad_initial", params=params)
    elif variable.kind == "int":
        if variable.low > variable.high:
            yield Finding("bad_bounds", params=params)
        elif not variable.low <= int(variable.initial) <= variable.high:
            yield Finding("bad_initial", params=params)


def _choice(document: Document, scene: Scene, choice: Choice, used: set[str]) -> Iterator[Finding]:
    for skill in choice.skills:
        used.add(skill)
        known = document.variable.get(skill)
        if known is None or not known.is_skill:
            yield Finding("undeclared_variable", scene.key, choice.key, {"var": skill})
    for effect in choice.effects:
        used.add(effect.var)
        yield from _effect(document, scene, choice, effect)
    asked = [choice.condition, *(route.when for route in choice.routes)]
    sound = True
    for condition in asked:
        for code, params in _leaves(document, condition, used):
            sound = False
            yield Finding(code, scene.key, choice.key, params)
    if sound:
        yield from _use(document, scene, choice)


def _effect(document: Document, scene: Scene, choice: Choice, effect: Effect) -> Iterator[Finding]:
    variable, params = document.variable.get(effect.var), {"var": effect.var}
    if variable is None:
        yield Finding("undeclared_variable", scene.key, choice.key, params)
    elif not variable.fits(effect.value) or (effect.op == "add" and variable.kind != "int"):
        yield Finding("ill_typed", scene.key, choice.key, params | {"name": variable.name})


def _leaves(
    document: Document, condition: Condition | None, used: set[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    for leaf in conditions.leaves(condition):
        if isinstance(leaf, Var):
            used.add(leaf.key)
            variable = document.variable.get(leaf.key)
            if variable is None:
                yield "undeclared_variable", {"var": leaf.key}
            elif not variable.fits(leaf.const) or (
                variable.kind != "int" and leaf.op not in EQUALITY
            ):
                yield "ill_typed", {"var": leaf.key, "name": variable.name}
        elif isinstance(leaf, Chose):
            if leaf.choice not in document.choice:
                yield "unknown_reference", {"key": leaf.choice}
        elif not isinstance(leaf, Attempt) and leaf.scene not in document.by_key:
            yield "unknown_reference", {"key": leaf.scene}


def _use(document: Document, scene: Scene, choice: Choice) -> Iterator[Finding]:
    """Yield conditions that never hold, and routes that an earlier one always takes the way from."""
    if choice.condition is not None and not domains.can_hold(document, [choice.condition]):
        yield Finding("never_holds", scene.key, choice.key)
    before: list[Condition] = []
    for place, route in enumerate(choice.routes, start=1):
        if not domains.can_hold(document, [route.when]):
            yield Finding("never_holds", scene.key, choice.key, {"route": place})
        elif before and not domains.can_hold(document, [route.when], without=before):
            yield Finding("shadowed_route", scene.key, choice.key, {"route": place})
        before.append(route.when)


def _offer(document: Document, scene: Scene) -> Iterator[Finding]:
    asked: Sequence[Condition] = [each.condition for each in scene.choices if each.condition]
    if domains.may_all_fail(document, asked):
        yield Finding("may_offer_nothing", scene.key)
