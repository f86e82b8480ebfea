"""A disk is full: said in words, nothing half kept, quizzes go on, and it is over as soon as there is room."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client

from core.models import Asset
from courses.quizzes.models import Answer, Attempt
from sales.models import Source
from tests.courses.factories import make_module, single
from tests.partners.factories import make_client, make_partner, make_person, sign_in
from tests.plugin import children
from tools.launch.pytest_services import bed

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = 'mount -t tmpfs -o size=1m none "$MEDIA_ROOT" && mount -t tmpfs -o size=1m none "$TMPDIR" && exec "$@"'


# Root keeps its rights with disks of its own alone; anybody else becomes root of a world of their own.
UNSHARE = ["unshare", "-m" if os.geteuid() == 0 else "-rm"]


def may_mount() -> bool:
    """Say whether this system gives a process disks of its own."""
    try:
        done = subprocess.run(
            [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"],
            check=False,
            capture_output=True,
        )
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.skipif(not may_mount(), reason="this system gives no disks of one's own")
def test_with_a_full_disk_uploads_say_so_quizzes_go_on_and_room_is_enough_to_go_on(tmp_path: Path):
    client = make_client()
    author = make_person(client, roles=["author", "sales_manager"], language="en")
    rep = make_person(make_partner())
    module = make_module(items=[single("q001")])
    source = Source.objects.create(name="CRM")
    media, scratch = tmp_path / "media", tmp_path / "tmp"
    media.mkdir()
    scratch.mkdir()
    done = children.run(
        [
            *UNSHARE,
            "sh",
            "-c",
            SMALL,
            "sh",
            sys.executable,
            "-m",
            "tests.core.on_a_small_disk",
        ]
        + [str(each.pk) for each in (author, rep, module, source)],
        env={**os.environ, "MEDIA_ROOT": str(media), "TMPDIR": str(scratch)},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["no room to begin"] == 507
    assert (found["piece"]["status"], found["stands at"]) == (507, 0)
    assert "no room" in found["piece"]["message"]
    assert found["another"]["status"] in {422, 507}
    assert found["export"]["status"] == 507
    assert found["answer"] == 200
    assert (found["counts while full"], found["files while full"]) == ([0, 1], [])
    assert (found["with room again"], found["became"], found["export again"]) == (204, True, 200)
    assert found["counts"] == [1, 1]
    assert Attempt.objects.get().person_id == rep.pk


@contextmanager
def without_room(name: str) -> Iterator[None]:
    """Have the database refuse to store answers as it does when its disk is full: with SQLSTATE 53100."""
    with psycopg.connect(bed.postgres.url("postgres", name), autocommit=True) as opened:
        opened.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;"
            " CREATE TRIGGER no_room BEFORE INSERT ON quizzes_answer EXECUTE FUNCTION no_room()"
        )
        try:
            yield
        finally:
            opened.execute("DROP TRIGGER no_room ON quizzes_answer; DROP FUNCTION no_room()")


def test_a_database_without_room_is_told_nothing_is_kept_and_it_goes_on_by_itself(client: Client):
    rep = make_person(make_client(), language="en")
    sign_in(client, rep)
    module = make_module(items=[single("q001")])
    client.raise_request_exception = False
    address = f"/api/attempts/{make_person(make_partner()).pk}/"
    body = {"module": str(module.pk), "answers": [{"item": "q001", "options": ["a"], "seq": 1}]}
    name = connection.settings_dict["NAME"]
    with without_room(name):
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        assert answer.json()["code"] == "try_again"
        assert client.get("/learn/").status_code == 200
        assert not Attempt.objects.exists()
        assert not Answer.objects.exists()
    again = client.post(address, json.dumps(body), content_type="application/json")
    assert again.status_code == 200
    assert Answer.objects.count() == 1
    assert not Asset.objects.exists()
