"""Misconceptions as changed derivations: what a student works who does one thing wrongly, and the rest right.

The rows are in `catalogue/misconceptions.py`; here is the rule of each.
"""
