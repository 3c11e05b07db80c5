"""Releases of safe figures."""
