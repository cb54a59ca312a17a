"""Which chalkgrad this is."""

__version__ = "0.1.0"
PROGRAM = f"chalkgrad {__version__}"
"""As files name it that it made."""
