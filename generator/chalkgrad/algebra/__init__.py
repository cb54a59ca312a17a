"""SymPy at work: formulas in written order, local derivatives, proofs of equality, safe parsing."""
