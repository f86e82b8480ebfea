"""What is done once, whole, and in order."""

from bench.guards.shape import Edit, Guard, guard

_TAKING = "courses/quizzes/actions/taking.py"
_DRAINING = "core/outbox/draining.py"
_OUTBOX = "tests/core/test_outbox.py"
_ATTEMPTS = "tests/concurrency/test_attempts.py"

GUARDS = (
    guard(
        "ledger: one key for one cause",
        "gamification/points.py", ':finished"', ':finished:{uuid.uuid4()}"',
        "tests/gamification/test_awards.py", "tests/gamification/test_points.py",
    ),
    guard(
        "ledger: ON CONFLICT DO NOTHING",
        "gamification/actions/awards.py", "ON CONFLICT (source_key) DO NOTHING\n", "",
        "tests/gamification/test_awards.py",
    ),
    guard(
        "hand-in: the attempt's row is locked",
        "courses/quizzes/actions/starting.py",
        "Attempt.objects.select_for_update(no_key=True).filter(pk=attempt_id)",
        "Attempt.objects.filter(pk=attempt_id)",
        _ATTEMPTS,
    ),
    guard(
        "start: one attempt at a time",
        "courses/quizzes/actions/starting.py",
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", "SELECT hashtextextended(%s, 0)",
        _ATTEMPTS,
    ),
    guard(
        "answers: the newest wins (`client_seq`, fast way)",
        _TAKING, "   WHERE quizzes_answer.client_seq < excluded.client_seq\n", "",
        "tests/courses/quizzes/test_actions.py", _ATTEMPTS,
    ),
    guard(
        "answers: the newest wins (`client_seq`, under the lock)",
        _TAKING, "elif own and present.client_seq < given.seq:", "elif own:",
        "tests/courses/quizzes/test_actions.py", _ATTEMPTS,
    ),
    guard(
        "assignments: who is asked nothing is told nothing only under the lock",
        "courses/assignments/actions/enrolling.py",
        "pg_try_advisory_xact_lock_shared(%s)", "%s IS NOT NULL",
        "tests/concurrency/test_enrolments.py",
    ),
    guard(
        "drafts: the expected revision",
        "courses/authoring/actions/drafts.py",
        "    if current.revision != base:\n        raise ConflictError(current)\n    return",
        "    return",
        "tests/courses/authoring/test_api.py", "tests/concurrency/test_drafts.py",
    ),
    guard(
        "drafts: the module's row is locked",
        "courses/authoring/actions/drafts.py",
        "Module.objects.select_for_update(no_key=True).get(", "Module.objects.get(",
        "tests/concurrency/test_drafts.py",
    ),
    Guard(
        "outbox: a delivery is done once",
        (
            Edit(
                _DRAINING,
                "WHERE id = ANY (%s) AND state = 'pending' FOR NO KEY UPDATE",
                "WHERE id = ANY (%s) FOR NO KEY UPDATE",
            ),
            Edit(
                _DRAINING,
                " AND state = 'pending' AND next_at <= statement_timestamp()", "",
            ),
        ),
        (_OUTBOX,),
        held_by="the claim before it",
    ),
    guard(
        "outbox: a claim keeps others away",
        _DRAINING, " AND next_at <= statement_timestamp()", "",
        _OUTBOX,
    ),
    guard(
        "outbox: parked after 8 failures",
        "core/outbox/upkeep.py", "Delivery.State.PARKED if row.tries >= MAX_TRIES else ", "",
        _OUTBOX,
    ),
    guard(
        "outbox: parked after 8 dead workers",
        _DRAINING, "if tries is not None and tries > MAX_TRIES:", "if False:",
        _OUTBOX,
    ),
    guard(
        "outbox: effects and mark in one transaction",
        _DRAINING,
        "        with transaction.atomic():\n            taken = _take_up(",
        "        if True:\n            taken = _take_up(",
        _OUTBOX,
    ),
    guard(
        "notices: told once (unique key)",
        "core/notices/actions.py",
        "bulk_create(notices, ignore_conflicts=True,", "bulk_create(notices,",
        "tests/core/test_notices.py",
    ),
    guard(
        "webhooks: one message for one cause",
        "partners/webhooks/actions/announcing.py",
        'source_key=f"{kind}:{source_key}"', 'source_key=f"{kind}:{uuid.uuid4()}"',
        "tests/partners/webhooks/test_announcing.py",
    ),
    guard(
        "webhooks: a partner's endpoint hears of its own people alone",
        "partners/webhooks/actions/announcing.py",
        "Endpoint.objects.filter(theirs, kinds", "Endpoint.objects.filter(kinds",
        "tests/partners/webhooks/test_announcing.py",
    ),
    guard(
        "facts: told again, nothing changes (API upsert)",
        "sales/actions/writing.py", "       IS DISTINCT FROM (", "       IS NOT NULL OR (",
        "tests/api/test_telling.py", "tests/sales/test_upserts.py",
    ),
    guard(
        "imports: a row that came before is left out",
        "sales/imports/running.py",
        "[each for each in told if each.number not in twice]", "list(told)",
        "tests/sales/imports/test_broken_files.py", "tests/sales/imports/test_batches.py",
    ),
    guard(
        "imports: a file that kills its workers is given up",
        "sales/imports/working.py", "if file.tries >= MOST_TRIES:", "if False:",
        "tests/sales/imports/test_dying.py",
    ),
    guard(
        "imports: somebody is at it already",
        "sales/imports/working.py",
        "Import.objects.select_for_update(skip_locked=True, no_key=True, of=(\"self\",))",
        "Import.objects.all()",
        "tests/sales/imports/test_dying.py",
    ),
)  # fmt: skip
