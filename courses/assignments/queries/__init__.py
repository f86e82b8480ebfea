"""Reads of assignments and enrolments. Each starts from what somebody may see."""
