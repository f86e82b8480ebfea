"""Reads of scenarios' figures: what the logs say, and what is kept of it."""
