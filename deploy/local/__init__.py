"""A real PostgreSQL and Valkey from wheels, and everything that runs on them, on a machine that has neither.

Nothing here imports Django: the application learns of its services through the environment alone.
"""
