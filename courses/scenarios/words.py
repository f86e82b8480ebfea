"""What the validator finds, in words: what is the matter and how to mend it, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.scenarios.document import Document
from courses.scenarios.validator import Finding

_FINDINGS: Mapping[str, Promise] = {
    "no_title": _("The scenario has no title. Please write one."),
    "no_scenes": _("There is no scene yet. Please add the first one."),
    "no_start": _("Nobody knows where to begin. Please choose the first scene."),
    "start_unknown": _("The first scene is gone. Please choose another."),
    "start_is_ending": _("It begins with an ending. Please let it begin with a scene."),
    "start_parked": _("The first scene is on the shelf. Please take it back, or choose another."),
    "duplicate_key": _("The key “%(key)s” stands twice. Please remove one, or copy it anew."),
    "recycled_key": _(
        "The key “%(key)s” named something else in a published version. Please make this one anew."
    ),
    "too_many_scenes": _(
        "There are %(count)s scenes; %(most)s are possible. Please split the scenario."
    ),
    "too_many_choices": _(
        "There are %(count)s choices; %(most)s are possible. Please remove some."
    ),
    "too_many_variables": _(
        "There are %(count)s variables; %(most)s are possible. Please remove some."
    ),
    "scene_without_choices": _(
        "Nothing can be chosen here. Please add a choice, or make it an ending."
    ),
    "ending_with_choices": _("An ending has choices. Please remove them, or make it a scene."),
    "route_nowhere": _("This leads to a scene that is not there. Please choose where it goes to."),
    "no_else": _(
        "When no condition holds, this leads nowhere. Please choose where it goes to then."
    ),
    "goes_nowhere": _("This leads nowhere. Please choose where it goes to."),
    "no_timeout_route": _(
        "When the time is over, this leads nowhere. Please choose where it goes to."
    ),
    "leads_to_parked": _(
        "This leads to a scene on the shelf. Please take that one back, or choose another."
    ),
    "dead_end": _(
        "One goes round here and never comes to an ending. Please add a choice that leads on."
    ),
    "bad_bounds": _(
        "The lowest value of the variable “%(name)s” is above its highest. Please swap them."
    ),
    "bad_initial": _(
        "The variable “%(name)s” begins with a value that it can't have. Please choose another."
    ),
    "enum_without_words": _(
        "The variable “%(name)s” has no words to choose from. Please write some."
    ),
    "undeclared_variable": _(
        "A variable that is used here is not there, or not a skill. Please choose another."
    ),
    "ill_typed": _("The value doesn't fit “%(name)s”. Please choose one that it can have."),
    "unknown_reference": _(
        "A condition asks about a scene or choice that is not there. Please choose another."
    ),
    "may_offer_nothing": _(
        "It can happen that no choice is offered here. Please add one without a condition."
    ),
    "exam_without_success": _(
        "Nobody can pass this exam: no success can be reached. Please add one."
    ),
    "pass_mark_too_high": _(
        "The pass mark is %(mark)s%%, and %(most)s%% is the most to be had. Please lower it."
    ),
    "media_missing": _("This file is gone. Please choose another."),
    "media_not_ready": _("This file is not ready yet. Please wait, or choose another."),
    "media_wrong_kind": _(
        "This file is of another kind. Please choose a picture or video, as asked for."
    ),
    "scene_without_words": _(
        "This scene says nothing. Please write a line, or add a picture or video."
    ),
    "choice_without_words": _("This choice has no words. Please write them."),
    "ending_without_words": _("This ending says nothing. Please write a message."),
    "stuck_state": _(
        "On some ways nothing can be chosen here. Please add a choice without a condition."
    ),
    "trapped_state": _(
        "On some ways no ending is reached from here. Please look at the conditions."
    ),
    "unreachable": _("Nothing leads here. Please link it, or put it on the shelf."),
    "farmed_points": _(
        "This gives something and leads back to where it can be had again. Is that meant?"
    ),
    "no_best_choice": _("No choice is marked as the best one. Which would the ace take?"),
    "several_best_choices": _("%(count)s choices are marked as the best one. Is that meant?"),
    "best_unexplained": _("The best choice says no why. The why is what people remember."),
    "shadowed_route": _(
        "An earlier condition always takes this way. Please change the order, or remove it."
    ),
    "never_holds": _("This condition never holds. Please change or remove it."),
    "unused_variable": _("The variable “%(name)s” is used nowhere. Please remove it, or use it."),
    "variable_unnamed": _("A variable has no name. Please write one."),
    "captions_missing": _("This video has no captions. Many watch without sound."),
    "transcript_missing": _("The ace's video has no transcript. Please write what is said."),
    "alt_missing": _("Please say what the picture shows, for those who can't see it."),
    "choice_too_long": _(
        "This choice has %(length)s letters. Up to %(most)s are read at a glance."
    ),
    "too_many_to_choose": _(
        "There are %(count)s choices. More than %(most)s are hard to weigh on a phone."
    ),
    "explanation_of_nothing": _("An explanation belongs to nothing any more. Please remove it."),
    "exam_with_rewind": _("In this exam one can go back and choose anew. Is that meant?"),
    "not_proven": _(
        "There are too many ways to look at all of them: whether each comes to an end is not proven."
    ),
}

_NAME = 24
_placed = _("“%(scene)s”: %(fault)s")


def finding(found: Finding) -> str:
    """Say what is the matter and how to mend it; the page names scene and choice beside it."""
    return str(_FINDINGS[found.code]) % {**found.params}


def placed(document: Document, found: Finding) -> str:
    """Say what is the matter and in which scene, where no page names it beside."""
    scene = document.by_key.get(found.scene)
    said = (scene.title or scene.message or scene.text).strip() if scene else ""
    if not said:
        return finding(found)
    first = said.splitlines()[0]
    name = first if len(first) <= _NAME else f"{first[: _NAME - 1]}…"
    return str(_placed) % {"scene": name, "fault": finding(found)}


def codes() -> frozenset[str]:
    """Return what can be said."""
    return frozenset(_FINDINGS)
