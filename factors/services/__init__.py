"""Writes in the register: versions of models, rankings of them."""
