"""Everything that is no door declares here whose rows it works on: what is not listed, or is gone, fails the run.

Doors say it where they stand (`@allow`, `tests/architecture/doors.txt`); tables with a column `organisation_id` have
their policy by that alone.
"""

CONTENT = (
    "what the client teaches, the same for everybody who may see it: `.visible_to()` by audience"
)
COMMON = "the client's own set-up, which names no partner"
HANGS = "hangs on a row with a policy, through which alone it is read"
SIGN_IN = "read before anybody is known, by a secret or an account's own address"
OPERATIONS = "the machinery's; shown to the client's administrators alone, and each row names its scope or its reader"
FRAMEWORK = "the framework's own"

WITHOUT_PARTNER = {
    "account_emailaddress": FRAMEWORK,
    "account_emailconfirmation": FRAMEWORK,
    "analytics_uncounted": OPERATIONS,
    "scenario_desk_acelink": SIGN_IN,
    "apitokens_token": SIGN_IN,
    "apitokens_tokenevent": HANGS,
    "assignments_assignedmodule": HANGS,
    **dict.fromkeys(("associations_month", "associations_night"), COMMON),
    "auth_group": FRAMEWORK,
    "auth_group_permissions": FRAMEWORK,
    "auth_permission": FRAMEWORK,
    "authoring_draft": CONTENT,
    "authoring_plannedpublication": CONTENT,
    "authoring_snapshot": CONTENT,
    "catalog_block": CONTENT,
    "catalog_blockevent": CONTENT,
    "catalog_course": CONTENT,
    "catalog_courseevent": CONTENT,
    "catalog_module": CONTENT,
    "catalog_moduleevent": CONTENT,
    "catalog_moduleversion": CONTENT,
    "catalog_modulewords": CONTENT,
    "catalog_term": CONTENT,
    "catalog_termevent": CONTENT,
    "core_canary": OPERATIONS,
    "core_caption": HANGS,
    "core_delivery": OPERATIONS,
    "core_mailboxmessage": OPERATIONS,
    "core_outgoingmail": OPERATIONS,
    "core_ratewindow": OPERATIONS,
    "core_rendition": HANGS,
    "django_content_type": FRAMEWORK,
    "django_migrations": FRAMEWORK,
    "django_session": SIGN_IN,
    "gamification_board": OPERATIONS,
    "gamification_pointrule": COMMON,
    "gamification_pointruleevent": COMMON,
    "imports_importstatesourcegrainbroughtbycountsfinishedatundof3d6": HANGS,
    "partners_account": SIGN_IN,
    "partners_client": COMMON,
    "partners_invitation": SIGN_IN,
    "partners_organisation": "has the policy on its own id",
    "partners_organisationevent": HANGS,
    "partners_signinlink": SIGN_IN,
    "pghistory_context": HANGS,
    "posts_post": CONTENT,
    "posts_shelf": CONTENT,
    "quizzes_keycorrection": CONTENT,
    "quizzes_quiz": CONTENT,
    "quizzes_quizversion": CONTENT,
    **dict.fromkeys(("scenarios_scenario", "scenarios_scenariodraft"), CONTENT),
    **dict.fromkeys(("scenarios_scenarioedit", "scenarios_scenarioversion"), CONTENT),
    **dict.fromkeys(("scenarios_proof", "scenarios_withdrawal"), CONTENT),
    "sales_product": COMMON,
    "sales_record": COMMON,
    "sales_source": COMMON,
}
"""Tables without a policy of their own, and why."""

EACH, ALL, NONE = "each delivery's", "the client's", "none"

TASKS = {
    "scenario_figures.mend": ALL,
    "analytics.mend_summaries": ALL,
    "assignments.follow_shelf": ALL,
    "assignments.remind": ALL,
    "associations.compute": ALL,
    "associations.night": ALL,
    "authoring.publish_due": ALL,
    "core.drain": EACH,
    "core.process_media": ALL,
    "core.send_mail": NONE,
    "core.sing": NONE,
    "core.sweep": NONE,
    "core.tidy": ALL,
    "gamification.mend_standings": ALL,
    "imports.tidy": ALL,
    "imports.work": ALL,
    "posts.settle_videos": ALL,
    "scenarios.settle_runs": ALL,
    "webhooks.forget": ALL,
    "webhooks.send": ALL,
}
"""Tasks, and in which scope they work; a task begins with none and leaves none behind."""

HANDLERS = {
    "analytics.handlers": (
        *("count_again", "count_both_places", "count_in_new_roles", "count_later"),
        *("count_without", "sum_up_again", "sum_up_without"),
    ),
    "courses.assignments.handlers": (
        *("ask_for_new_module", "end_after_leaving", "end_with_organisation"),
        *("enrol_after_change", "enrol_after_move", "enrol_after_return", "enrol_newcomer"),
        *("enrol_newcomers", "enrol_with_organisation", "finish", "tell"),
    ),
    "courses.progress.handlers": ("announce_finish", "note_run", "note_scored"),
    "courses.scenarios.handlers": ("end_runs", "prove", "settle_runs"),
    "courses.quizzes.handlers": ("announce_score", "rescore", "score"),
    "gamification.handlers": (
        *("award_answers", "award_choices", "award_days", "award_module", "award_understanding"),
        *("recount_after_leaving", "recount_after_move", "recount_after_resuming"),
        *("recount_after_return", "recount_after_stop", "refresh_standing"),
    ),
    "sales.handlers": ("credit_after_move", "credit_after_return"),
    "sales.imports.handlers": ("announce_done",),
}
"""Handlers of the outbox: each runs in the scope in which its news was written."""

NOTICES = {
    "assignments.assigned": "whoever is asked",
    "assignments.before": "whoever is asked",
    "assignments.changed": "whoever is asked",
    "assignments.late": "whoever is asked",
    "assignments.nudge": "whoever is asked",
    "assignments.practise": "whoever is asked",
    "authoring.plan_held": "the author who planned it",
    "authoring.published_as_planned": "the author who planned it",
    "authoring.scenario_taken_back": "whoever published it",
    "gamification.badge_earned": "whoever earned it",
    "gamification.level_reached": "whoever reached it",
    "partners.guessed": "whose account somebody guessed at",
    "posts.failed": "whoever posted it",
    "posts.failed_words": "whoever posted it",
    "posts.out": "whoever posted it",
    "quizzes.rescored": "whoever answered",
    "webhooks.disabled": "the client's administrators",
}
"""Kinds of notices, and who reads them: always one person, in whose organisation the row lies."""

NEWS = {
    "attempt.scored": "endpoints of the organisation in which it was scored, and of the client",
    "import.done": "endpoints of the client",
    "module.finished": "endpoints of the organisation in which it was finished, and of the client",
}
"""Kinds of news that webhooks tell."""

LETTERS = {
    "courses/assignments/actions/practising.py": "to whoever is asked to practise again",
    "courses/assignments/actions/telling.py": "to whoever is asked, about what they are asked",
    "partners/actions/invitations.py": "to whoever is invited",
    "partners/actions/links.py": "to the account whose address was typed",
    "partners/actions/people.py": "to whom an address was given or taken from",
    "partners/adapter.py": "to the account whose password changes",
}
"""Where letters are written, and to whom."""

EXPORTS = {
    "analytics:companies_csv",
    "analytics:members_csv",
    "analytics:members_csv_of",
    "analytics:modules_csv",
    "analytics:modules_csv_of",
    "analytics:modules_csv_of_everybody",
    "associations:course_csv",
    "associations:course_xlsx",
    "associations:grid_csv",
    "associations:grid_xlsx",
    "associations:launch_csv",
    "associations:launch_xlsx",
    "associations:numbers_csv",
    "associations:numbers_xlsx",
    "core:captions",
    "core:export_captions",
    "gamification:record_csv",
    "imports:export",
    "imports:troubles_file",
    "partners:people_csv",
    "partners:people_xlsx",
    "quizzes:bank_csv",
    "quizzes:bank_excel",
    "quizzes:bank_problems",
    "quizzes:bank_sample",
    "sales:groups_csv",
    "scenario_figures:numbers_csv",
}
"""Doors that hand out files made of records: all stand in the walk."""

SECRETS = {
    "partners/actions/invitations.py": "invitations: for one person, who may take it back",
    "partners/actions/links.py": "links to sign in: for one account, once",
    "core/mediafiles/links.py": "media: for one person, one file, 12 hours; the view asks row security as well",
    "core/views/replacing.py": "captions that wait for an answer: what was brought, one language of one video, a day",
    "partners/devices.py": "a browser that was here before: names no person to anybody else",
    "courses/authoring/scenarios/aces.py": "an ace's link: one explanation of what the client teaches, two weeks",
    "partners/tokens.py": "secrets of links: kept as a hash",
    "partners/apitokens/secret.py": "tokens of programs: kept as a hash, for one administrator",
    "partners/webhooks/signing.py": "an endpoint's secret: shown to the administrators of its organisation",
}
"""Where addresses are signed and secrets are made."""

ANSWER_ALIKE = {
    *("assignments:assignment", "assignments:assignments", "authoring:answers"),
    *("authoring:course", "authoring:courses", "authoring:history", "authoring:revision"),
    *("catalog:word_list", "catalog:words", "courses:find", "courses:learn", "courses:module"),
    *("courses:offline", "home", "partners:first_steps", "partners:organisation"),
    *("partners:organisations", "partners:people", "partners:person", "posts:mine"),
    *("quizzes:last", "quizzes:result", "quizzes:waiting"),
}
"""Pages that answer whatever the method, and write nothing."""

LEAST = {
    "doors": 225,
    "operations": 27,
    "tables": 49,
    "tables without a policy": 57,
    "tasks": 18,
    "handlers": 35,
    "notices": 15,
    "samples": 110,
    "requests": 1080,
    "doors asked": 222,
    "pages read": 90,
    "bodies taken": 28,
    "rivals' records": 82,
    "rivals' values": 33,
    "writes of one's own": 68,
}
"""How many there were when somebody last looked: fewer means that the walk has stopped to see something."""
