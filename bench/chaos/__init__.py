"""Faults that are really injected into the deployed stack, and what is true after them. See `__main__`."""
