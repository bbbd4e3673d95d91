"""Thousands of repositories from one manifest: its values, its reading and what entries mean."""
