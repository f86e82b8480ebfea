"""What keeps numbers honest: correction for many looks, errors that hang together, lag, no two-way effects."""

from bench.guards.shape import Edit, Guard, guard

_WORLDS = "tests/analytics/associations/test_worlds_of_panels.py"

GUARDS = (
    guard(
        "statistics: Benjamini–Hochberg over all that is looked at",
        "analytics/associations/engine/analysis.py", "zip(places, corrections.corrected(p), strict=True)",
        "zip(places, p, strict=True)",
        f"{_WORLDS}::test_a_grid_without_signal_has_hits_by_luck_and_none_after_correction",
    ),
    guard(
        "statistics: errors hang together within partners",
        "analytics/associations/engine/regression.py", "return CRV3 if groups < FEW else CRV1", "return NORMAL",
        f"{_WORLDS}::test_errors_hang_together_within_partners",
    ),
    guard(
        "statistics: learning comes before sales",
        "analytics/associations/engine/aligned.py", "lag = lag if panel.timed else 0", "lag = 0",
        f"{_WORLDS}::test_the_same_rep_over_time_tells_the_effect_where_the_raw_slope_misses_it",
    ),
    Guard(
        "statistics: no two-way fixed effects where launches are staggered",
        (
            Edit("analytics/associations/engine/launches.py", "if len(starts) != 1:", "if not len(starts):"),
            Edit(
                "analytics/associations/engine/launches.py", 'frame[TIME] >= starts[0]',
                'frame[TIME] >= frame[TREATED]',
            ),
            Edit(
                "analytics/associations/engine/grading.py", "_WAYS = (\n    estimate.EVENT_STUDY,\n    estimate.DID,",
                "_WAYS = (\n    estimate.DID,\n    estimate.EVENT_STUDY,",
            ),
        ),
        (f"{_WORLDS}::test_an_effect_that_grows_is_told_by_the_event_study_alone",),
    ),
    guard(
        "statistics: what is refused is not told",
        "analytics/associations/engine/analysis.py", "if anyway or not held", "if True",
        "tests/analytics/associations/test_cleaning.py::test_few_reps_have_grade_e_and_no_numbers", _WORLDS,
    ),
    guard(
        "statistics: a dip before a course is seen",
        "analytics/associations/engine/staggered.py", "DIPPED = 0.05, 0.01", "DIPPED = 0.0, 0.0",
        f"{_WORLDS}::test_a_course_after_a_bad_month_is_refused_and_compared_with_equally_bad_months",
    ),
    guard(
        "statistics: the lead test lowers the grade",
        "analytics/associations/engine/learning.py", "lead.p <= power.LEVEL", "lead.p < 0",
        f"{_WORLDS}::test_learning_that_follows_sales_lowers_the_grade",
    ),
    guard(
        "statistics: companies of a few, or of one who sold most, are held back",
        "analytics/associations/engine/places.py", "return visible - amounts",
        "return frozenset(map(str, made))",
        "tests/analytics/associations/worlds/test_recovery.py",
    ),
    guard(
        "statistics: two reports taken from each other tell of nobody",
        "analytics/associations/apart.py", "return found - {own}", "return set()",
        "tests/analytics/associations/test_apart.py",
    ),
    guard(
        "statistics: who launches when is drawn by lot",
        "analytics/associations/lot.py", "key=lambda company: _ticket(seed, str(company))", "key=str",
        "tests/analytics/associations/test_rollout_rules.py",
    ),
)  # fmt: skip
