"""One life of the demo world in a database of its own: built, checked, lived beside, removed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from courses.quizzes import scoring
from lms.demo import content, plan, script
from tests.plugin import children
from tests.plugin.database import _own_database, _run_as_superuser, _tables, make_migrated
from tools.launch.pytest_services import bed

NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
MOST_STATEMENTS = 780

pytestmark = pytest.mark.timeout(
    900
)  # the first test waits for a world to be built, checked and removed

FACTS = {
    "partners": "SELECT count(*) FROM partners_organisation WHERE kind = 'partner' AND is_demo",
    "reps": """
        SELECT count(*) FROM partners_person p JOIN partners_organisation o ON o.id = p.organisation_id
         WHERE 'rep' = ANY (roles) AND p.is_active AND o.kind = 'partner'""",
    "faces": """
        SELECT count(*) FROM partners_person WHERE account_id IS NOT NULL AND picture_id IS NOT NULL""",
    "passwords": "SELECT DISTINCT left(password, 1) FROM partners_account",
    "published": "SELECT min(published_at), max(published_at) FROM catalog_moduleversion",
    "entered": "SELECT min(pgh_created_at) FROM partners_personevent",
    "months": "SELECT count(DISTINCT month) FROM gamification_ledgerentry",
    "beats": "SELECT min(received_at), max(received_at) FROM progress_heartbeat",
    "unfinished": """
        SELECT (SELECT count(*) FROM partners_person WHERE 'rep' = ANY (roles) AND is_active)
             - count(w.finished_at)
          FROM progress_moduleprogress w JOIN partners_person p ON p.id = w.person_id AND p.is_active
         GROUP BY w.module_id""",
    "days": "SELECT day, count(*) FROM progress_learningday GROUP BY day ORDER BY day DESC LIMIT 2",
    "posts": """
        SELECT p.published_at, m.expires_at, m.title, EXISTS (
                 SELECT FROM catalog_block b WHERE b.module_id = m.id AND b.kind = 'image')
          FROM posts_post p JOIN catalog_module m ON m.id = p.module_id
          JOIN posts_shelf s ON s.course_id = m.course_id
         WHERE m.is_demo AND m.version_id IS NOT NULL ORDER BY p.published_at""",
    "rivals": """
        WITH own AS (
          SELECT s.month, s.points, s.team_id FROM gamification_standing s
            JOIN partners_person p ON p.id = s.person_id AND p.login_name = 'takahashi'
           ORDER BY s.month DESC LIMIT 1)
        SELECT count(*) FILTER (WHERE s.points BETWEEN own.points + 1 AND own.points + 10),
               count(*) FILTER (WHERE s.points < own.points)
          FROM gamification_standing s JOIN own USING (month, team_id)""",
    "bank": """
        SELECT count(*), count(*) FILTER (WHERE cardinality(skills) = 0),
               (SELECT sum(jsonb_array_length(document -> 'items')) FROM quizzes_quizversion)
          FROM quizzes_bankitem WHERE is_demo""",
}

ONE_WRONG = """
    UPDATE sales_activity SET count = count + 1
     WHERE id = (SELECT min(id) FROM sales_activity WHERE measure = 'calls')"""


@dataclasses.dataclass
class Life:
    """What was seen while a demo world was built, lived beside a real partner, and was removed."""

    built: str = ""
    panel: str = ""
    wrong_panel: str = ""
    checked: subprocess.CompletedProcess[str] | None = None
    again: subprocess.CompletedProcess[str] | None = None
    attempts: dict[uuid.UUID, dict[str, Any]] = dataclasses.field(default_factory=dict)
    answers: dict[uuid.UUID, dict[str, list[str]]] = dataclasses.field(default_factory=dict)
    documents: dict[uuid.UUID, Any] = dataclasses.field(default_factory=dict)
    lengths: dict[str, int] = dataclasses.field(default_factory=dict)
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    real_before: dict[str, Any] = dataclasses.field(default_factory=dict)
    real_after: dict[str, Any] = dataclasses.field(default_factory=dict)
    at_first: dict[str, int] = dataclasses.field(default_factory=dict)
    at_last: dict[str, int] = dataclasses.field(default_factory=dict)
    files: list[Path] = dataclasses.field(default_factory=list)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    name = f"{_own_database()}_demo"
    make_migrated(name)
    media = tmp_path_factory.mktemp("media")
    with psycopg.connect(bed.postgres.url("postgres", name), autocommit=True) as connection:
        yield lived(connection, name, media)
    _run_as_superuser("DROP DATABASE {} WITH (FORCE)", name)


def lived(connection: psycopg.Connection[Any], name: str, media: Path) -> Life:
    seen = Life(at_first=counts(connection))
    seen.built = demo(name, media, f"--now={NOW.isoformat()}").stdout
    seen.checked = demo(name, media, "--check")
    seen.again = demo(name, media, expect=1)
    seen.panel = demo(name, media, command="check_panel").stdout
    connection.execute(ONE_WRONG)
    seen.wrong_panel = demo(name, media, command="check_panel", expect=1).stdout
    look(connection, seen)
    add_a_real_partner(connection)
    seen.real_before = real(connection)
    demo(name, media, "--remove")
    seen.real_after, seen.at_last = real(connection), counts(connection)
    seen.files = [path for path in media.rglob("*") if path.is_file()]
    return seen


def demo(
    name: str, media: Path, *options: str, expect: int = 0, command: str = "demo"
) -> subprocess.CompletedProcess[str]:
    places = {"MEDIA_ROOT": str(media / "media"), "STATE_DIR": str(media / "state")}
    environment = {**os.environ, **places, "TOMONI_ROLE": "owner"}
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL"):
        environment[variable] = f"{environment[variable].rpartition('/')[0]}/{name}"
    done = children.run([sys.executable, "manage.py", command, *options], env=environment)
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    found = {}
    for table in _tables(connection):
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        row = connection.execute(query).fetchone()
        found[table] = row[0] if row else 0
    return found


def look(connection: psycopg.Connection[Any], seen: Life) -> None:
    def rows(query: str) -> list[Any]:
        return connection.execute(query).fetchall()

    fields = ("quiz_version_id", "state", "item_keys", "correct_count", "score", "submitted_at")
    for pk, *values in rows(f"SELECT id, {', '.join(fields)} FROM quizzes_attempt"):
        seen.attempts[pk] = dict(zip(fields, values, strict=True))
        seen.answers[pk] = {}
    for attempt, item, options in rows(
        "SELECT attempt_id, item_key, option_keys FROM quizzes_answer"
    ):
        seen.answers[attempt][item] = options
    seen.documents = dict(rows("SELECT id, document FROM quizzes_quizversion"))
    lengths = dict(
        rows(
            "SELECT b.data ->> 'title', a.duration_ms FROM catalog_block b"
            " JOIN core_asset a ON a.id = (b.data ->> 'asset')::uuid WHERE b.kind = 'video'"
        )
    )
    seen.lengths = {
        module.key: lengths[module.data("video")[0]["title"]]
        for module in content.read("ja").modules
    }
    seen.facts = {name: rows(query) for name, query in FACTS.items()}


def add_a_real_partner(connection: psycopg.Connection[Any]) -> None:
    """A partner that the demo's admin has entered, with a rep who has also begun a demo quiz."""
    organisation, team, person = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    month = NOW.date().replace(day=1)

    def insert(table: str, **values: Any) -> None:
        columns = sql.SQL(", ").join(sql.Identifier(name) for name in values)
        marks = sql.SQL(", ").join(sql.Placeholder() for _ in values)
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})")
        filled = statement.format(sql.Identifier(table), columns, marks)
        connection.execute(filled, list(values.values()))

    insert(
        "partners_organisation", id=organisation, kind="partner", name="ほんもの商事", area="",
        is_active=True, is_demo=False,
    )  # fmt: skip
    insert(
        "partners_team", id=team, organisation_id=organisation, name="本物チーム", is_active=True
    )
    insert(
        "partners_person", id=person, organisation_id=organisation, team_id=team, roles=["rep"],
        family_name="本田", given_name="真", family_reading="ほんだ", given_reading="まこと",
        email="real@example.com", language="ja", territory="", joined_on=dt.date(2026, 1, 1),
        is_active=True, is_demo=False,
    )  # fmt: skip
    insert("progress_learningday", person_id=person, organisation_id=organisation, day=month)
    insert(
        "gamification_ledgerentry", person_id=person, organisation_id=organisation, team_id=team,
        source_key="by-hand", rule="module_finished", rule_number=1, points=20, month=month,
        caused_at=NOW, detail="{}",
    )  # fmt: skip
    quiz_version, quiz = connection.execute(
        "SELECT id, quiz_id FROM quizzes_quizversion LIMIT 1"
    ).fetchall()[0]
    insert(
        "quizzes_attempt", id=uuid.uuid4(), person_id=person, organisation_id=organisation,
        team_id=team, quiz_id=quiz, quiz_version_id=quiz_version, state="open", is_first=False,
        item_keys=[], scoring=0,
    )  # fmt: skip


def real(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Everything of the real partner except what hangs on the demo."""
    return {
        table: connection.execute(
            f"SELECT to_jsonb(t) FROM {table} t WHERE {condition} ORDER BY id"
        ).fetchall()
        for table, condition in {
            "partners_organisation": "name = 'ほんもの商事'",
            "partners_team": "name = '本物チーム'",
            "partners_person": "email = 'real@example.com'",
            "progress_learningday": "person_id IN (SELECT id FROM partners_person WHERE NOT is_demo)",
            "gamification_ledgerentry": "source_key = 'by-hand'",
        }.items()
    }


def test_it_tells_each_step_with_its_time_and_asks_the_database_little(life: Life) -> None:
    found = re.search(r"in all, (\d+) statements", life.built)
    assert found
    assert int(found[1]) <= MOST_STATEMENTS
    assert len(life.built.splitlines()) > 8


def test_it_agrees_with_itself(life: Life) -> None:
    assert life.checked is not None
    assert "agrees with itself" in life.checked.stdout


def test_the_panel_is_exactly_what_was_drawn(life: Life) -> None:
    assert re.search(r"All \d{5} cells are equal", life.panel), life.panel
    for name in ("calls", "key_persons", "leads", "qualified", "won", "lost", "JPY", "USD"):
        assert re.search(rf"^{name} +([\d,]+) +\1$", life.panel, re.MULTILINE), life.panel


def test_one_call_too_many_is_told(life: Life) -> None:
    assert "1 cells differ" in life.wrong_panel


def test_building_it_twice_is_refused_with_the_way_out(life: Life) -> None:
    assert life.again is not None
    assert "manage.py demo --remove" in life.again.stderr


def test_it_has_the_promised_size(life: Life) -> None:
    facts = life.facts
    assert (facts["partners"], facts["reps"], facts["faces"]) == ([(16,)], [(320,)], [(20,)])
    assert facts["months"] == [(18,)]
    assert len(life.attempts) > 2500


def test_no_password_opens_a_demo_account(life: Life) -> None:
    assert life.facts["passwords"] == [("!",)]


def test_it_stores_exactly_what_the_seed_draws(life: Life) -> None:
    drawn = {go.id: go for way in plan.plan("ja", NOW).ways(life.lengths) for go in way.goes}
    assert drawn.keys() == life.attempts.keys()
    for pk, go in drawn.items():
        assert {given.item: list(given.options) for given in go.answers} == life.answers[pk]


def test_every_stored_attempt_has_the_score_that_scoring_gives(life: Life) -> None:
    states = Counter(attempt["state"] for attempt in life.attempts.values())
    assert set(states) == {"scored", "open"}
    for pk, attempt in life.attempts.items():
        items = scoring.items_of(life.documents[attempt["quiz_version_id"]])
        asked = [item for item in items if item.key in attempt["item_keys"]]
        result = scoring.score(asked, life.answers[pk])
        if attempt["state"] == "scored":
            assert attempt["score"] == result.score.quantize(Decimal("0.001"))
            assert attempt["correct_count"] == len(result.correct)


def test_lessons_came_out_over_time_and_none_is_finished_by_everybody(life: Life) -> None:
    (first, last), (entered,) = life.facts["published"][0], life.facts["entered"][0]
    assert first < NOW - dt.timedelta(days=400) < last <= NOW
    assert entered < NOW - dt.timedelta(days=400)
    playable = len(script.SCENARIOS) - 1
    assert len(life.facts["unfinished"]) == len(script.SCHEDULE) + playable
    assert all(people_left > 5 for (people_left,) in life.facts["unfinished"])


def test_the_last_days_words_are_there_and_none_is_over(life: Life) -> None:
    posts = life.facts["posts"]
    assert [title for *_, title, _ in posts] == [
        text.title for text in sorted(content.read("ja").posts, key=lambda text: -text.hours_ago)
    ]
    assert 2 <= len(posts) <= 3
    assert all(at < NOW < until for at, until, *_ in posts)
    assert any(pictured for *_, pictured in posts)


def test_the_current_month_is_alive(life: Life) -> None:
    ahead, behind = life.facts["rivals"][0]
    assert ahead >= 1
    assert behind >= 1
    here, day = NOW.astimezone(ZoneInfo(settings.TIME_ZONE)), dt.timedelta(days=1)
    (latest, people_today), (before, people_before) = life.facts["days"]
    # Before work begins, nobody has learnt anything today.
    assert latest in ({here.date()} if here.hour >= 12 else {here.date(), here.date() - day})
    assert before == latest - day
    assert people_today + people_before >= 5
    since, until = life.facts["beats"][0]
    assert NOW - dt.timedelta(days=14) <= since < until <= NOW


def test_the_bank_holds_every_question_with_its_skills(life: Life) -> None:
    ((kept, untagged, asked),) = life.facts["bank"]
    assert kept == asked > 20
    assert untagged == 0


def test_removing_leaves_no_trace_and_a_real_partner_untouched(life: Life) -> None:
    assert life.real_after == life.real_before
    assert all(life.real_before.values())
    own = {
        "partners_organisation": 1,
        "partners_organisationevent": 1,
        "partners_team": 1,
        "partners_teamevent": 1,
        "partners_person": 1,
        "partners_personevent": 1,
        "progress_learningday": 1,
        "gamification_ledgerentry": 1,
        "gamification_standing": 1,
        "gamification_groupstanding": 2,
        "gamification_board": 1,
        "analytics_personsummary": 1,
        "analytics_groupsummary": 2,
    }
    left = {table: life.at_last[table] - life.at_first[table] for table in life.at_last}
    assert {table: count for table, count in left.items() if count} == own
    assert not life.files
