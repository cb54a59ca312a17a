"""Conditions that the numbers of every paper hold: those that an author writes, and those that are built in."""
