"""Faults that are really injected."""
