"""Repositories shared with other accounts."""
