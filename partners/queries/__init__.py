"""Reads of people and organisations. Each starts from what somebody may see."""
