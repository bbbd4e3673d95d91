"""Replication, from one declaration to both sides of it."""
