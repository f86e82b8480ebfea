"""The statements by which enrolments are made true, each for any number of people at once.

They compare what should be with what is, so that a second run changes nothing. `assignment`, `person` and
`organisation` narrow them down; each may be NULL.
"""

# ruff: noqa: S608 - parts of statements are joined; every value is a parameter

SEEN = """
  (c.audience = 'everybody' OR (c.audience = 'client' AND o.kind = 'client')
   OR (c.audience = 'chosen' AND EXISTS (SELECT FROM catalog_modulereader r
        WHERE r.module_id = c.id AND r.organisation_id = o.id)))
"""
"""Whether the people of organisation `o` may see module `c`, as `Module.objects.visible_to` says for reps."""

AUDIENCE = """
  CASE WHEN c.audience = 'chosen' THEN 'chosen:' || md5(coalesce((SELECT
      string_agg(r.organisation_id::text, ',' ORDER BY r.organisation_id) FROM catalog_modulereader r
     WHERE r.module_id = c.id), '')) ELSE c.audience END
"""
"""Whom module `c` is for, as `AssignedModule.audience` keeps it."""

ON_THE_SHELF = """
  (c.form = 'lesson' AND NOT c.is_archived AND NOT k.is_archived
   AND (c.expires_at IS NULL OR c.expires_at > now())
   AND (EXISTS (SELECT FROM quizzes_quizversion q WHERE q.module_version_id = c.version_id)
     OR EXISTS (SELECT FROM catalog_moduleversion v
         WHERE v.id = c.version_id AND v.document @> '{"blocks": [{"kind": "scenario"}]}')))
"""
"""Whether module `c` of course `k` is for finishing: it is published, and has a quiz or a scenario.

A scenario that was taken back is waited for: its lesson stays asked for, and is finished once it was mended.
"""

DUE = """
  CASE WHEN a.due_at IS NULL THEN NULL ELSE greatest(a.due_at,
    (date_trunc('day', (%(at)s::timestamptz + least(a.due_at - a.created_at, interval '7 days'))
       AT TIME ZONE %(zone)s) + interval '1 day' - interval '1 second') AT TIME ZONE %(zone)s) END
"""
"""When assignment `a` is due for somebody asked at a moment: who comes late has a week, or as long as all had."""

DUE_AS_ASSIGNED = DUE.replace("%(at)s::timestamptz", "e.assigned_at")

_MINE = """
  (%(assignment)s::uuid IS NULL OR e.assignment_id = %(assignment)s::uuid)
  AND (%(person)s::uuid IS NULL OR e.person_id = %(person)s::uuid)
  AND (%(organisation)s::uuid IS NULL OR EXISTS (SELECT FROM partners_person y
        WHERE y.id = e.person_id AND y.organisation_id = %(organisation)s::uuid))
"""

FOLLOW = f"""
WITH live AS (
  SELECT id, module_id, course_id FROM assignments_assignment
   WHERE cancelled_at IS NULL AND (%(assignment)s::uuid IS NULL OR id = %(assignment)s::uuid)
), wanted AS (
  SELECT a.id AS assignment_id, c.id AS module_id, {AUDIENCE} AS audience
    FROM live a JOIN catalog_module c ON c.id = a.module_id OR c.course_id = a.course_id
    JOIN catalog_course k ON k.id = c.course_id
   WHERE {ON_THE_SHELF}
), added AS (
  INSERT INTO assignments_assignedmodule AS m (assignment_id, module_id, added_at, audience)
  SELECT assignment_id, module_id, %(at)s::timestamptz, audience FROM wanted
      ON CONFLICT (assignment_id, module_id) DO UPDATE SET removed_at = NULL, audience = EXCLUDED.audience
   WHERE m.removed_at IS NOT NULL OR m.audience <> EXCLUDED.audience
  RETURNING assignment_id
), removed AS (
  UPDATE assignments_assignedmodule m SET removed_at = %(at)s::timestamptz
    FROM live WHERE m.assignment_id = live.id AND m.removed_at IS NULL
     AND NOT EXISTS (SELECT FROM wanted w WHERE w.assignment_id = m.assignment_id AND w.module_id = m.module_id)
  RETURNING m.assignment_id
)
SELECT assignment_id FROM added UNION SELECT assignment_id FROM removed
"""
"""Ask for the modules that stand on the shelf now. Returns the assignments with other modules, or another audience."""

_RETURNS = "(e.state = 'ended' AND e.ended_at < %(at)s::timestamptz - interval '1 day')"
"""Whether enrolment `e` begins again: a shorter break, such as a slip that was put right, leaves its dates alone."""

ENROL = f"""
WITH live AS (
  SELECT a.id, a.organisation_id, a.due_at, a.created_at, b.kind = 'client' AS of_client
    FROM assignments_assignment a JOIN partners_organisation b ON b.id = a.organisation_id
   WHERE a.cancelled_at IS NULL AND (%(assignment)s::uuid IS NULL OR a.id = %(assignment)s::uuid)
), people AS (
  SELECT p.id, p.organisation_id, p.team_id, p.roles FROM partners_person p
   WHERE p.is_active AND (%(person)s::uuid IS NULL OR p.id = %(person)s::uuid)
     AND (%(organisation)s::uuid IS NULL OR p.organisation_id = %(organisation)s::uuid)
), target AS (
  SELECT t.* FROM assignments_assignmenttarget t JOIN live ON live.id = t.assignment_id
), hit AS (
  SELECT t.assignment_id, p.id, p.organisation_id FROM target t JOIN people p ON p.organisation_id = t.organisation_id
   WHERE t.kind = 'organisation' AND p.roles && %(learners)s::varchar[]
  UNION
  SELECT t.assignment_id, p.id, p.organisation_id FROM target t JOIN people p ON p.team_id = t.team_id
   WHERE t.kind = 'team' AND p.roles && %(learners)s::varchar[]
  UNION
  SELECT t.assignment_id, p.id, p.organisation_id FROM target t JOIN people p ON p.id = t.person_id
   WHERE t.kind = 'person'
  UNION
  SELECT t.assignment_id, p.id, p.organisation_id FROM target t JOIN people p ON t.role = ANY (p.roles)
   WHERE t.kind = 'role' AND (t.organisation_id IS NULL OR t.organisation_id = p.organisation_id)
), wanted AS (
  SELECT hit.assignment_id, hit.id AS person_id, hit.organisation_id
    FROM hit JOIN live ON live.id = hit.assignment_id JOIN partners_organisation o ON o.id = hit.organisation_id
   WHERE o.is_active AND (live.of_client OR live.organisation_id = hit.organisation_id)
     AND EXISTS (SELECT FROM assignments_assignedmodule m JOIN catalog_module c ON c.id = m.module_id
          WHERE m.assignment_id = hit.assignment_id AND m.removed_at IS NULL AND {SEEN})
), begun AS (
  INSERT INTO assignments_enrolment AS e
         (id, assignment_id, person_id, organisation_id, due_at, assigned_at, state)
  SELECT gen_random_uuid(), w.assignment_id, w.person_id, w.organisation_id, {DUE}, %(at)s::timestamptz, 'open'
    FROM wanted w JOIN live a ON a.id = w.assignment_id
      ON CONFLICT (assignment_id, person_id) DO UPDATE
     SET organisation_id = EXCLUDED.organisation_id, state = 'open', ended_at = NULL,
         assigned_at = CASE WHEN {_RETURNS} THEN EXCLUDED.assigned_at ELSE e.assigned_at END,
         due_at = CASE WHEN {_RETURNS} THEN EXCLUDED.due_at ELSE e.due_at END,
         told_at = CASE WHEN {_RETURNS} AND e.told_due_at IS DISTINCT FROM EXCLUDED.due_at THEN NULL ELSE e.told_at END
   WHERE e.state = 'ended' OR (e.state = 'open' AND e.organisation_id <> EXCLUDED.organisation_id)
  RETURNING assignment_id, person_id, assigned_at = %(at)s::timestamptz AS anew
), ended AS (
  UPDATE assignments_enrolment e SET state = 'ended', ended_at = %(at)s::timestamptz
   WHERE e.state = 'open' AND {_MINE} AND NOT EXISTS (SELECT FROM wanted w
          WHERE w.assignment_id = e.assignment_id AND w.person_id = e.person_id)
  RETURNING assignment_id, person_id
)
SELECT CASE WHEN anew THEN 'begun' ELSE 'moved' END, assignment_id, person_id FROM begun
UNION ALL SELECT 'ended', assignment_id, person_id FROM ended
"""
"""Ask whom the targets name now, and nobody else. Who finished, finished.

Who comes back is told anew only where the day is another one than they were told.
"""

_STEPS = f"""
  groups AS (
    SELECT e.id, e.assigned_at, m.added_at, bool_and(g.finished_at IS NOT NULL) AS done, max(g.finished_at) AS last
      FROM mine e JOIN assignments_assignedmodule m ON m.assignment_id = e.assignment_id AND m.removed_at IS NULL
      JOIN catalog_module c ON c.id = m.module_id
      JOIN partners_organisation o ON o.id = e.organisation_id
      LEFT JOIN progress_moduleprogress g ON g.person_id = e.person_id AND g.module_id = m.module_id
     WHERE {SEEN}
     GROUP BY e.id, e.assigned_at, m.added_at
  ), steps AS (
    SELECT id, assigned_at, bool_and(done) OVER so_far AS done, max(last) OVER so_far AS last,
           lead(added_at) OVER so_far AS next
      FROM groups WINDOW so_far AS (PARTITION BY id ORDER BY added_at)
  ), over AS (
    SELECT id, min(last) AS at FROM steps
     WHERE done AND (next IS NULL OR (last < next AND next > assigned_at)) GROUP BY id
  )
"""

FINISH = f"""
WITH mine AS (
  SELECT e.id, e.assignment_id, e.person_id, e.organisation_id, e.assigned_at
    FROM assignments_enrolment e WHERE e.state = 'open' AND {_MINE}
), {_STEPS}
UPDATE assignments_enrolment e SET state = 'finished', finished_at = over.at
  FROM over WHERE e.id = over.id
RETURNING 'finished', e.assignment_id, e.person_id
"""
"""Finish what is done: all modules that were asked for before the next ones were added."""

DATE = f"""
UPDATE assignments_enrolment e SET due_at = {DUE_AS_ASSIGNED}
  FROM assignments_assignment a
 WHERE a.id = e.assignment_id AND e.state = 'open' AND {_MINE}
   AND e.due_at IS DISTINCT FROM {DUE_AS_ASSIGNED}
RETURNING 'dated', e.assignment_id, e.person_id
"""
"""Bring due dates up to date with their assignments'."""

UNPROVED = f"""
UPDATE assignments_enrolment e SET state = 'open', finished_at = NULL
 WHERE e.state = 'finished' AND {_MINE} AND NOT EXISTS (
        SELECT FROM assignments_assignedmodule m JOIN progress_moduleprogress g ON g.module_id = m.module_id
         WHERE m.assignment_id = e.assignment_id AND g.person_id = e.person_id AND g.finished_at IS NOT NULL)
RETURNING 'unproved', e.assignment_id, e.person_id
"""
"""Open again what was finished without a finished module: nothing of ours does that."""
