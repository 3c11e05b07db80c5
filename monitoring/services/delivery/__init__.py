"""Outcome reports from delivery to review: checks, storing, receipts, corrections."""
