"""The two halves of the front door (monitoring/public.py)."""
