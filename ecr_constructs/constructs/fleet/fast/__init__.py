"""Fast mode: a few resources are constructs, and what becomes of them becomes of all."""
