"""Replication: which images go where, and what the other side must let in."""
