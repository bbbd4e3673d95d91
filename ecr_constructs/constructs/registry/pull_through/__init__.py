"""Pull-through cache rules, with what they need to work."""
