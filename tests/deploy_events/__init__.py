"""Subscriptions and alarms in the embedded AWS: events are put, and messages taken."""
