"""Sheets of an exam before they have a format: what is asked, where answers go, what stands on top."""
