"""What our own arithmetic costs, as ratios to plain ways in the same run."""
