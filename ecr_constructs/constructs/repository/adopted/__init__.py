"""Repositories that are there already."""
