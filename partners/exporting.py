"""People of a list as a file that can be pasted back as a table: doing so changes nothing."""

from collections.abc import Iterable, Iterator

from partners.models import Person
from partners.pasting_words import COLUMNS
from partners.templatetags.people import role_words, state_word

HEADS = (
    *("family_name", "given_name", "family_reading", "given_reading", "email", "login_name"),
    *("organisation", "team", "role", "territory", "joined_on", "state"),
)
"""The columns, by the keys under which `partners.pasted` knows them."""

WIDTHS = (14, 14, 16, 16, 30, 18, 24, 20, 20, 16, 12, 16)


def rows(people: Iterable[Person]) -> Iterator[list[str]]:
    """Yield a header in the reader's language, then a row for each of people read by `queries.people.people`."""
    yield [str(COLUMNS[head]) for head in HEADS]
    for person in people:
        yield [
            person.family_name,
            person.given_name,
            person.family_reading,
            person.given_reading,
            person.email or "",
            person.login_name or "",
            person.organisation.name,
            person.team.name if person.team else "",
            role_words(person.roles),
            person.territory,
            person.joined_on.isoformat() if person.joined_on else "",
            state_word(person),
        ]
