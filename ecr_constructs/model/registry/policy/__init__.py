"""The registry policy: one document for the statements of many."""
