"""Writes of quick posts."""
