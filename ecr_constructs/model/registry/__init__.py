"""What a private registry is: its settings, their rules, and what holds for a name."""
