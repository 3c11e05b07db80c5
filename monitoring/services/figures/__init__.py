"""Figures of areas: what they mean, loading them, reading them as series."""
