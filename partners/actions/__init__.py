"""Writes of people and organisations. Each locks, checks, writes and tells in one transaction."""
