"""Consumers that pull with a role of their own."""
