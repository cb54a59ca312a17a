"""Numbers: exact rationals, balls that prove their digits, NumPy for many variants, rounding."""
