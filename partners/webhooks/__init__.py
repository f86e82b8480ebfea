"""Signed news for other systems: endpoints, what was sent to them, and what they answered."""
