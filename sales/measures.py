"""What is counted of selling, and from which grain of facts it may come. Pure."""

CALLS, KEY_PERSONS, LEADS = "calls", "key_persons", "leads"
APPOINTMENTS, QUALIFIED = "appointments", "qualified"
WON, LOST, AMOUNT = "won", "lost", "amount"

COUNTED = (CALLS, KEY_PERSONS, LEADS, APPOINTMENTS, QUALIFIED)
"""What an activity counts."""

OF_DEALS = (APPOINTMENTS, QUALIFIED, WON, LOST, AMOUNT)
"""What opportunities tell."""

LARGEST_COUNT = 1_000_000
"""So many of anything in a day is meant at most; more is a slip."""

ALL = (*COUNTED, WON, LOST, AMOUNT)

DECIDED, OPENED = "decided", "opened"
RATED = (DECIDED, OPENED)
"""The deals that win rates stand on: won or lost, and begun, whatever has become of them."""

STAGES = {"appointment": APPOINTMENTS, "qualified": QUALIFIED}
"""Which stage of an opportunity tells which measure."""

ACTIVITY, OPPORTUNITY = "activity", "opportunity"
"""The two grains."""
