"""A model version as files: tables in a workbook or a zip of CSV files, the canonical JSON, and graphs. Pure.

The tables have the layout of factors/data/public_factor_model: `factors`, `goals`, `sources`, `relations` (one row per
published finding) and beside them `descriptions` (one row per ordered pair).
"""
