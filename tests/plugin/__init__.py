"""Fixtures for all tests: a real database, a real Redis, real workers, a real browser."""
