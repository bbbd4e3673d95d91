"""Repositories shared with other accounts: what each side must allow."""
