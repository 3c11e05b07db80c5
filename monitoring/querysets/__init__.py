"""Every question that is asked more than once, by noun."""
