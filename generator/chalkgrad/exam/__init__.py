"""Exams: any number of papers, each with other numbers, all fair, all proven."""
