"""People pasted as a table: first only looked at, then entered, all or none."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Sequence

from django.db import IntegrityError, transaction

from core.outbox import publish
from partners import cleaning
from partners.actions.guards import admin_only
from partners.actions.people import Details, check_email, check_login_name
from partners.events import PeopleAdded
from partners.folding import same
from partners.models import Membership, Organisation, Person, Team
from partners.pasted import Row, Table
from partners.problems import Problem
from partners.queries import organisations, people
from partners.queries.client import today
from partners.roles import of_kind, words

_DOMAIN = re.compile(r"\.(com|net|org|info|jp)$")
"""What among addresses is one that has lost its @, rather than a log-in name."""


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Why a row can't be entered: in which column, what stands there, and a code for the words."""

    code: str
    column: str
    value: str = ""
    detail: str = ""


@dataclasses.dataclass(frozen=True)
class Difference:
    """What a row says otherwise than what is kept of somebody here: of a role, its name for programs."""

    column: str
    kept: Sequence[str]
    pasted: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Checked:
    """What will become of one row: it is new, the same as somebody here, or has troubles to mend."""

    row: Row
    details: Details
    roles: tuple[str, ...]
    team_name: str
    troubles: tuple[Trouble, ...] = ()
    known: Person | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        """The full name as it will be shown."""
        names = {"family_name": self.details.family_name, "given_name": self.details.given_name}
        return Person(**names).name

    @property
    def outcome(self) -> str:
        """Return new, same or trouble."""
        if self.troubles:
            return "trouble"
        return "same" if self.known else "new"


@dataclasses.dataclass(frozen=True)
class Plan:
    """What entering the whole table would do. Nothing has happened yet."""

    rows: tuple[Checked, ...]
    new_teams: tuple[str, ...]

    @property
    def differing(self) -> list[Checked]:
        """Return the rows of people who are here otherwise than the row says; entering changes nothing of them."""
        return [row for row in self.having("same") if row.differences]

    def having(self, outcome: str) -> list[Checked]:
        """Return the rows with this outcome."""
        return [row for row in self.rows if row.outcome == outcome]


def plan(*, actor: Person, organisation: Organisation, table: Table) -> Plan:
    """Say what entering this table would do, changing nothing. Three queries."""
    admin_only(actor)
    teams = organisations.teams_by_key(organisation.pk)
    read = [_read(row, organisation) for row in table.rows]
    known = people.known_names(
        {each.details.email for each in read if each.details.email},
        {each.details.login_name for each in read if each.details.login_name},
    )
    seen: dict[str, int] = {}
    rows = tuple(_compare(each, organisation, known, teams, seen) for each in read)
    new_teams: dict[str, str] = {}
    for each in rows:
        if each.outcome == "new" and each.team_name and same(each.team_name) not in teams:
            new_teams.setdefault(same(each.team_name), each.team_name)
    return Plan(rows, tuple(new_teams.values()))


def _read(row: Row, organisation: Organisation) -> Checked:
    """Check what can be checked in the row alone."""
    troubles = [Trouble("too_many_cells", "", row.extra[0])] if row.extra else []
    details, wrong = _details(row)
    troubles += wrong
    roles, unknown = _roles(row.cell("role"), of_kind(organisation.kind))
    if unknown:
        troubles.append(Trouble(unknown, "role", row.cell("role")))
    team = cleaning.name(row.cell("team"))
    if len(team) > 80:
        troubles.append(Trouble("too_long", "team", team, "80"))
    return Checked(row, details, roles, team, tuple(troubles))


def _details(row: Row) -> tuple[Details, list[Trouble]]:
    family, given = _both(row, "family_name", "given_name", "name")
    family_reading, given_reading = _both(row, "family_reading", "given_reading", "reading")
    column, email, login_name = _sign_in(row)
    joined_on, unread = _joined_on(row)
    details = Details(
        family_name=cleaning.name(family),
        given_name=cleaning.name(given),
        family_reading=cleaning.reading(family_reading),
        given_reading=cleaning.reading(given_reading),
        email=email,
        login_name=login_name,
        territory=cleaning.name(row.cell("territory")),
        joined_on=joined_on,
    )
    wrong = [*_name_troubles(row, details), *_sign_in_troubles(row, details, column)]
    return details, [*wrong, *unread]


def _joined_on(row: Row) -> tuple[dt.date | None, list[Trouble]]:
    text = row.cell("joined_on")
    try:
        return cleaning.day(text), []
    except ValueError:
        return None, [Trouble("bad_day", "joined_on", text)]


def _both(row: Row, family: str, given: str, whole: str) -> tuple[str, str]:
    """Return the two parts of a name or reading: from columns of their own, else from one that holds the whole.

    A Japanese one with a blank in the family's column, and nothing in the other, is a whole one, too.
    """
    first, second = row.cell(family), row.cell(given)
    if not second and cleaning.is_japanese(first):
        return cleaning.split_name(first)
    one, other = cleaning.split_name(row.cell(whole))
    return first or one, second or other


def _sign_in(row: Row) -> tuple[str, str, str]:
    """Return the column by which the row signs in, its address and its log-in name.

    A table with one column to sign in with may hold either in it, however that column is called.
    """
    shared = _shared(row)
    cells = {each: row.cell(each) for each in ("email", "login_name") if each != shared}
    email = cleaning.address(cells.get("email", ""))
    login_name = cleaning.login_name(cells.get("login_name", ""))
    if not shared:
        return "email" if email else "login_name", email, login_name
    either = cleaning.address(row.cell(shared))
    if "@" in either or (shared == "email" and _DOMAIN.search(either)):
        return shared, either, login_name
    return shared, email, either or login_name


def _shared(row: Row) -> str:
    """Return the column that may hold an address or a log-in name; empty where each has its own."""
    columns = [each for each in ("sign_in", "email", "login_name") if each in row.cells]
    return "" if columns == ["email", "login_name"] else columns[0]


def _column(row: Row, field: str) -> str:
    """Return the column in which a row's address or log-in name stands."""
    return field if field in row.cells else _shared(row)


def _name_troubles(row: Row, details: Details) -> list[Trouble]:
    column = "family_name" if "family_name" in row.cells else "name"
    if not details.family_name:
        return [Trouble("no_name", column)]
    if "@" in row.cell(column):
        return [Trouble("address_elsewhere", column, row.cell(column))]
    if "@" in row.cell("reading"):
        return [Trouble("address_elsewhere", "reading", row.cell("reading"))]
    found: list[Trouble] = []
    for field, whole in (
        ("family_name", "name"),
        ("given_name", "name"),
        ("family_reading", "reading"),
        ("given_reading", "reading"),
        ("territory", "territory"),
    ):
        value = getattr(details, field)
        if len(value) > 60:
            found.append(Trouble("too_long", field if field in row.cells else whole, value, "60"))
    for field, of in (("family_reading", "family_name"), ("given_reading", "given_name")):
        value = getattr(details, field)
        if not cleaning.is_reading(value, getattr(details, of)):
            column = field if field in row.cells else "reading"
            found.append(Trouble("bad_reading", column, value))
    return found


def _sign_in_troubles(row: Row, details: Details, column: str) -> list[Trouble]:
    if not details.email and not details.login_name:
        return [Trouble("no_sign_in", column)]
    found: list[Trouble] = []
    for value, field, check, code in (
        (details.email, "email", check_email, "bad_email"),
        (details.login_name, "login_name", check_login_name, "bad_login_name"),
    ):
        try:
            if value:
                check(value)
        except Problem:
            found.append(Trouble(code, _column(row, field), value))
    return found


def _roles(cell: str, allowed: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the roles that a cell names (none: rep), and a trouble's code or nothing."""
    if not cell.strip():
        return ("rep",), ""
    by_word = {same(word): role for role, names in words().items() for word in names}
    parts = [cell] if same(cell) in by_word else _parts(cell)
    roles = [by_word.get(same(part)) for part in parts]
    found = tuple(dict.fromkeys(role for role in roles if role))
    if None in roles or not found:
        return ("rep",), "unknown_role"
    return found, "" if set(found) <= set(allowed) else "role_of_client"


def _parts(cell: str) -> list[str]:
    for sign in "、,・/+;&":
        cell = cell.replace(sign, "\n")
    return [part for part in cell.split("\n") if part.strip()]


def _compare(
    each: Checked,
    organisation: Organisation,
    known: dict[str, Person],
    teams: dict[str, Team],
    seen: dict[str, int],
) -> Checked:
    """Check the row against those above it and against who and what is here."""
    troubles = list(each.troubles)
    holder: Person | None = None
    for field in ("email", "login_name"):
        value = getattr(each.details, field)
        if not value:
            continue
        column = _column(each.row, field)
        if value in seen:
            troubles.append(Trouble("twice", column, value, str(seen[value])))
        seen.setdefault(value, each.row.number)
        other = known.get(value)
        if other is not None:
            holder = holder or other
            if code := _clash(each.row, other, holder, organisation):
                troubles.append(Trouble(code, column, value, _whose(other)))
    if holder is None and each.row.has_left:
        troubles.append(Trouble("left", "state", each.row.cell("state")))
    team = teams.get(same(each.team_name)) if each.team_name else None
    if team is not None and not team.is_active and not (holder and holder.team_id == team.pk):
        troubles.append(Trouble("team_closed", "team", each.team_name))
    differences = tuple(_differences(each, holder)) if holder else ()
    return dataclasses.replace(
        each, troubles=tuple(troubles), known=holder, differences=differences
    )


def _differences(each: Checked, known: Person) -> Iterator[Difference]:
    """Compare what a row says of somebody with what is kept; empty cells say nothing, width and blanks don't count."""
    said, roles = each.details, each.roles if each.row.cell("role").strip() else ()
    reading = f"{said.family_reading} {said.given_reading}".strip()
    kept_reading = f"{known.family_reading} {known.given_reading}".strip()
    for column, kept, pasted in (
        ("name", known.name, each.name),
        ("reading", kept_reading, reading),
        ("team", known.team.name if known.team else "", each.team_name),
        ("email", known.email or "", said.email),
        ("login_name", known.login_name or "", said.login_name),
        ("territory", known.territory, said.territory),
        (
            "joined_on",
            *(day.isoformat() if day else "" for day in (known.joined_on, said.joined_on)),
        ),
    ):
        if pasted and same(pasted) != same(kept):
            yield Difference(column, [kept] if kept else [], [pasted])
    if roles and set(roles) != set(known.roles):
        yield Difference("role", known.roles, roles)
    if each.row.has_left and known.is_active:
        yield Difference("state", [], [each.row.cell("state")])


def _clash(row: Row, other: Person, holder: Person, organisation: Organisation) -> str:
    if other.pk != holder.pk:
        return "two_people"
    if other.organisation_id != organisation.pk:
        return "elsewhere"
    return "" if other.is_active or row.has_left else "has_left"


def _whose(other: Person) -> str:
    return f"{other.name} · {other.organisation.name}"


@transaction.atomic
def enter_people(*, actor: Person, organisation: Organisation, table: Table) -> list[Person]:
    """Enter the new people of this table, with teams that aren't there yet; all or none.

    Rows of people who are here already change nothing, so that a second time enters nobody. Raises
    Problem where a row has a trouble by now: the caller looks again with `plan`.
    """
    admin_only(actor)
    # One table at a time for an organisation, so that new teams are made once.
    current = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    plans = plan(actor=actor, organisation=current, table=table)
    if plans.having("trouble") or not current.is_active:
        raise Problem("")
    Team.objects.bulk_create(Team(organisation=current, name=name) for name in plans.new_teams)
    teams = organisations.teams_by_key(current.pk)
    now = today()
    rows = [
        Person(
            organisation=current,
            team=teams.get(same(each.team_name)) if each.team_name else None,
            roles=[role for role in of_kind(current.kind) if role in each.roles],
            **each.details.values() | {"joined_on": each.details.joined_on or now},
        )
        for each in plans.having("new")
    ]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(rows)
    except IntegrityError:
        raise Problem("") from None
    Membership.objects.bulk_create(
        Membership(
            person=row,
            organisation=current,
            team=row.team,
            days=(min(row.joined_on or now, now), None),
        )
        for row in rows
    )
    if rows:
        publish(PeopleAdded(organisation_id=current.pk, count=len(rows)))
    return rows
