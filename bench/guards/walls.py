"""Who may see and do what."""

from bench.guards.shape import Edit, Guard, guard

_BODY = "core/jsonbody.py"
_ROWS = "core/rowsecurity.py"
_DOORS = "tests/architecture/test_doors.py"

GUARDS = (
    guard(
        "an attempt is its owner's (`visible_to`, page)",
        "courses/quizzes/models.py", "return self.filter(person_id=person.pk)", "return self",
        "tests/courses/quizzes/test_pages.py",
    ),
    guard(
        "a rep reads the own records (API)",
        "partners/reporting.py", "return rows.filter(person_id=viewer.pk)", "return rows",
        "tests/api/test_reading.py",
    ),
    Guard(
        "a partner sees its own people",
        (
            Edit(
                "partners/models/person.py",
                "return self.filter(organisation_id=person.organisation_id)", "return self",
            ),
            Edit(_ROWS, "ELSE organisation = ANY (", "ELSE true OR organisation = ANY ("),
        ),
        ("tests/partners/test_doors.py", "tests/api/test_reading.py"),
        held_by="row security",
    ),
    guard(
        "row security: the policy",
        _ROWS, "ELSE organisation = ANY (", "ELSE true OR organisation = ANY (",
        "tests/core/test_row_security.py",
    ),
    guard(
        "row security: FORCE",
        _ROWS, "{t} FORCE ROW LEVEL", "{t} NO FORCE ROW LEVEL",
        "tests/core/test_row_security.py",
    ),
    guard(
        "nothing is seen without a scope",
        _ROWS, "WHEN '' THEN false", "WHEN '' THEN true",
        "tests/core/test_row_security.py",
    ),
    guard(
        "append-only: no right to change",
        "core/appendonly.py", "REVOKE UPDATE, DELETE, TRUNCATE", "REVOKE TRUNCATE",
        "tests/core/test_append_only.py",
    ),
    guard(
        "append-only: the ledger is on the list",
        "core/appendonly.py", '    "gamification_ledgerentry",\n', "",
        "tests/core/test_append_only.py", "tests/gamification/test_awards.py",
    ),
    guard(
        "a door's `@allow` is asked",
        "core/middleware.py", "if access.admits(", "if True or access.admits(",
        f"{_DOORS}::test_the_wrong_role_finds_nothing",
    ),
    guard(
        "a door's `@allow` names the right roles",
        "partners/views/organisations.py",
        '@allow("admin")\ndef organisations(', '@allow("person")\ndef organisations(',
        f"{_DOORS}::test_every_door_was_looked_at",
    ),
    guard(
        "a token's scopes",
        "core/api/doors.py", "needed not in token.scopes", "False",
        "tests/api/test_tokens.py",
    ),
    guard(
        "a token's end",
        "partners/apitokens/entering.py", "return token if is_open else None", "return token",
        "tests/api/test_tokens.py",
    ),
    guard(
        "a token dies with its person's rights",
        "partners/apitokens/entering.py", 'and person.has_role("admin")', "",
        "tests/api/test_tokens.py",
    ),
    guard(
        "a task runs in the scope of its news",
        "core/outbox/draining.py",
        "set_config('app.scope', scope, true)", "set_config('app.scope', 'client', true)",
        "tests/core/test_outbox.py",
    ),
    guard(
        "a medium's token is for one person and file",
        "core/views/media.py", "if not links.is_good(", "if False and not links.is_good(",
        "tests/core/test_serving.py",
    ),
    guard(
        "what the client saw isn't remembered for a partner",
        "core/views/media.py", 'key = f"media:{scope}:{what}"', 'key = f"media:{what}"',
        "tests/core/test_serving.py",
    ),
    guard(
        "files of all companies are the client's",
        "analytics/views/asked.py", "if not request.person.of_client:", "if False:",
        "tests/analytics/test_pages.py",
    ),
    guard(
        "a phone's work counts for whoever did it",
        _BODY, "if named and named != str(person_id):", "if False:",
        "tests/courses/quizzes/test_pages.py",
    ),
)  # fmt: skip
