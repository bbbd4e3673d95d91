"""Roles around repositories."""
