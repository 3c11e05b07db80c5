"""Societal results and their figures."""
