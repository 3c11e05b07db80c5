"""Measurement plans, and what came of what they ask."""
