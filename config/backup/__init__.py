"""Backup of both stores at one moment, and restoring it elsewhere (docs/backup.md)."""
