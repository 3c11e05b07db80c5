"""Which factors are covered where, by what and how strongly; gaps and priorities."""
