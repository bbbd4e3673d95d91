"""Repositories: our own, adopted ones, and what both grant."""
