"""Doors: sign-in, people, organisations. Each parses, calls an action or query, and renders."""
