"""Derivations: an ordered list of single-assignment steps, without numbers and without prose."""
