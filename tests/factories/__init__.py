"""Boring, fixed things to test with; a test states only what it is about."""
