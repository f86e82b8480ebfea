"""Writes of scenarios: drafting, publishing, playing, and what a new version means for those who play."""
