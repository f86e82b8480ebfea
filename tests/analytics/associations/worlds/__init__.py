"""Worlds whose truth is known: how they are told and counted, and what the report finds in them."""
