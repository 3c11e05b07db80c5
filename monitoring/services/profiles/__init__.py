"""The profile of an area, and what it is set beside."""
