"""Tests of the floor of learning."""
