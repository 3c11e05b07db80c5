"""Loading what the register begins with: code lists and the public factor model."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
