"""Doors for programs: people, teams, companies."""
