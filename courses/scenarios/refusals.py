"""What is refused, in words: a field that came from outside, a cell of a table, an act in a run."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.scenarios.faults import FaultError
from courses.scenarios.pasted import Problem

_FAULTS: Mapping[str, Promise] = {
    "unknown_field": _("“%(name)s” is not known here."),
    "not_an_object": _("An object is expected here."),
    "not_a_list": _("A list is expected here."),
    "not_a_text": _("A text is expected here."),
    "not_a_flag": _("True or false is expected."),
    "not_one_of": _("Only these are possible here: %(known)s"),
    "too_many": _("At most %(most)s fit in here."),
    "too_long": _("That is %(length)s letters; there is room for %(most)s."),
    "bad_sign": _("There are signs in here that can't be shown. Please type it anew."),
    "bad_number": _("A whole number from %(low)s to %(high)s is expected."),
    "bad_key": _("A key has 4 to 12 small letters and digits."),
    "bad_id": _("This is not an id."),
    "bad_value": _("A whole number, true, false or a short word is expected."),
    "bad_condition": _("This condition can't be read."),
    "condition_too_deep": _("Conditions go %(most)s deep. Please make it simpler."),
    "condition_too_long": _("A condition has at most %(most)s parts. Please make it simpler."),
    "bad_format": _("This is not a scenario of Tomoni."),
    "bad_schema": _("This file is of a version that is not known here."),
    "bad_language": _("This is not a language."),
    "file_too_big": _("The file is bigger than %(most)s MB."),
    "not_utf8": _("The file is not text in UTF-8. Please export it anew."),
    "too_deep": _("The file is nested too deeply."),
    "not_json": _("The file breaks off, or is no JSON: line %(line)s, column %(column)s."),
    "not_whole": _("“%(number)s” is not a whole number in use here."),
    "unknown_scene": _("This scene is not there any more."),
    "unknown_choice": _("This choice is not there any more."),
    "unknown_variable": _("This variable is not there any more."),
}

_CELLS: Mapping[str, Promise] = {
    "unknown_target": _("There is no scene “%(name)s”. Please write it as in the first column."),
    "scene_twice": _(
        "“%(name)s” stands already in row %(first)s. Please rename this scene, or move the row there."
    ),
    "too_many_scenes": _("There is room for %(most)s scenes. Please split the table."),
    "too_many_choices": _("A scene has at most %(most)s choices. Please remove some."),
    "bad_points": _("“%(said)s” is not a whole number up to %(most)s. Please write one."),
    "unknown_quality": _("“%(said)s” is not known here. Please write best, ok or poor."),
    "unknown_outcome": _(
        "“%(said)s” is not known here. Please write success, partial, fail or neutral."
    ),
    "no_target": _("This choice leads nowhere. Please name a scene."),
    "without_choice": _(
        "Only a choice can have this. Please write the choice, or empty this cell."
    ),
    "no_scene_yet": _("The first row has to name a scene."),
    "no_text": _("A new scene needs a text. Please write what is said."),
    "too_long": _("That is %(length)s letters; there is room for %(most)s."),
    "bad_sign": _("There are signs in here that can't be shown. Please type it anew."),
    "no_rows": _("The table has no rows below its header."),
}

_ACTS: Mapping[str, Promise] = {
    "not_offered": _("This can't be chosen here."),
    "other_scene": _("The conversation has gone on."),
    "over": _("This run is over."),
    "no_limit": _("There is no time limit here."),
    "time_left": _("There is still time."),
    "no_way_back": _("One can't go back there."),
    "online_only": _("An exam is played online only."),
    "no_offer": _("There is no newer version to move to."),
    "unknown_event": _("This can't be noted."),
    "unknown_scene": _("This scene is not there any more."),
}


def fault(error: FaultError) -> str:
    """Say why something could not be taken in; its place is `error.path`."""
    return str(_FAULTS[error.code]) % error.params


def cell(problem: Problem) -> str:
    """Say what is wrong with a cell; its place is `problem.row` and `problem.column`."""
    return str(_CELLS[problem.code]) % {**problem.params}


def act(code: str) -> str:
    """Say why something can't be done in a run (`RefusedError.code`)."""
    return str(_ACTS[code])
