"""A course and the months of reps around its completion, as they are copied out of the table of months. Pure."""

SALES = ("appointments", "calls", "qualified", "won", "decided")
"""What is counted of each month."""

NOWHERE = 0
"""In place of a company's number: the row says in which month a rep completed the course."""
