"""Tables in files that people send: workbooks and delimited text, read in bounds, and templates to fill. Pure.

Nothing in a file is trusted: sizes are looked at before unpacking, formulas are never computed, and whatever the
readers of zip and XML raise becomes `FaultyTables`. What the cells mean is for whoever asked for the tables.
"""

from config.tables.cells import Formula, RawTable, escaped, unescaped
from config.tables.flaws import MOST_FAULTS, FaultyTables, Flaw, nearest

__all__ = ["MOST_FAULTS", "FaultyTables", "Flaw", "Formula", "RawTable", "escaped", "nearest", "unescaped"]
