"""Working aggregates, kept up with the reports."""
