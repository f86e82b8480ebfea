"""Writes of assignments and enrolments."""
