"""Writes of the glossary."""

import dataclasses
import re
import unicodedata
import uuid

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.catalog import queries
from courses.catalog.models import Term
from partners.models import Person
from partners.problems import Problem

_KANA = re.compile(r"[ぁ-ゖァ-ヺーゝゞヽヾ・\s]+")
_KANJI = re.compile(r"[㐀-䶿一-鿿々〆豈-﫿]")
_LONGEST = {"word": 60, "reading": 80, "meaning": 300, "note": 2000}


class WordTakenError(Problem):
    """The word is in the list already; `term` is it."""

    def __init__(self, message: str, term: Term | None) -> None:
        super().__init__(message, "word")
        self.term = term


@dataclasses.dataclass(frozen=True)
class Details:
    """What an author says of a word."""

    word: str
    reading: str
    meaning: str
    language: str
    note: str = ""


def add_term(*, details: Details) -> Term:
    """Add a word to the list. Raises Problem where it can't stand there, WordTakenError where it does."""
    told = _checked(details)
    term = Term(**dataclasses.asdict(told))
    _save(term)
    return term


def edit_term(*, actor: Person, term_id: uuid.UUID, details: Details) -> Term:
    """Change a word. Published modules keep what they were published with. Raises as `add_term`, and DoesNotExist."""
    term = queries.term(actor, term_id)
    for field, value in dataclasses.asdict(_checked(details)).items():
        setattr(term, field, value)
    _save(term)
    return term


def set_archived(*, actor: Person, term_id: uuid.UUID, archived: bool) -> Term:
    """Put a word away, or take it back into the list. Raises Term.DoesNotExist."""
    term = queries.term(actor, term_id)
    if term.is_archived is not archived:
        term.is_archived = archived
        term.save(update_fields=["is_archived"])
    return term


def _save(term: Term) -> None:
    """Save what is unique; two authors who add the same word at once meet here."""
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        if "term_word_once" not in str(error):
            raise
        found = queries.same_word(term.word, term.language)
        raise WordTakenError(_taken(found), found) from error


def _taken(found: Term | None) -> str:
    if found is not None and found.is_archived:
        return _(
            "This word was put away. Take it back into the glossary instead of adding it again."
        )
    return _("This word is in the glossary already.")


def _checked(details: Details) -> Details:
    """Return the details as they are kept. Raises Problem for the first that doesn't fit."""
    told = Details(
        word=_line(details.word),
        reading=unicodedata.normalize("NFKC", _line(details.reading)),
        meaning=_line(details.meaning),
        language=details.language,
        note=details.note.strip(),
    )
    if told.language not in dict(settings.LANGUAGES):
        raise Problem(_("Please choose a language."), "language")
    if not told.word:
        raise Problem(_("Please write the word."), "word")
    if not told.meaning:
        raise Problem(_("Please write what it means."), "meaning")
    for field, most in _LONGEST.items():
        length = len(getattr(told, field))
        if length > most:
            raise Problem(_too_long(length, most), field)
    _check_reading(told)
    return told


def _check_reading(told: Details) -> None:
    """A reading is what a reader can say aloud: kana, for a Japanese word with characters needed."""
    if told.language != "ja":
        return
    if told.reading and not _KANA.fullmatch(told.reading):
        raise Problem(_("Please write the reading in hiragana or katakana."), "reading")
    if not told.reading and _KANJI.search(told.word):
        raise Problem(_("Please write how it is read, in hiragana or katakana."), "reading")


def _too_long(length: int, most: int) -> str:
    words = _("That is %(length)d characters; there is room for %(most)d.")
    return words % {"length": length, "most": most}


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
