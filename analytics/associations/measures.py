"""What can be held against what: measures of learning and of sales, and what makes a report say nothing. Pure."""

REQUIRED, QUIZ, MINUTES, FINISHED = "required", "quiz", "minutes", "finished"
LEARNING = (REQUIRED, QUIZ, MINUTES, FINISHED)
"""Required learning done, mean of first scores, minutes a month, modules finished so far."""

APPOINTMENTS, QUALIFIED, WIN, AMOUNT, DEAL = "appointments", "qualified", "win", "amount", "deal"
SALES = (APPOINTMENTS, QUALIFIED, WIN, AMOUNT, DEAL)
"""Appointments of calls, qualified of appointments, won of decided, amount won a month, mean amount of a deal."""

SHARES = frozenset({REQUIRED, QUIZ, APPOINTMENTS, QUALIFIED, WIN})
"""Measures that are percentages."""

OF_MONEY = frozenset({AMOUNT, DEAL})
"""Measures in the smallest unit of one currency."""

LAUNCHED = (APPOINTMENTS, QUALIFIED, WIN, AMOUNT)
"""What is looked at around a launch."""

LAUNCH_LENGTHS = (12, 18, 24)
USUAL_LAUNCH = 18
"""So many whole months around a launch can be looked at."""

LAGS = (0, 1, 2, 3)
USUAL_LAG = 1
"""So many months after the learning the sales are looked at, unless another lag is asked for."""

LENGTHS = (3, 6, 12, 17)
USUAL_LENGTH = 12
"""So many whole months of sales can be looked at."""

LEAST_REPS = 30
"""An association is said from so many reps on."""

LEAST_CLUSTERS = 10
"""From so many companies on they, not reps, are drawn anew for an interval."""

LEAST_BETWEEN = 5
"""From so many companies on they are compared with each other."""

MOST_DOTS = 2000
"""Of more reps than this no single dots are drawn, but how many lie where."""

FEW, SAME_LEARNING, SAME_SALES, CEILING = "few", "same_learning", "same_sales", "ceiling"
"""Why nothing is said: too few reps with both figures, everybody has the same one, or most have the highest."""
