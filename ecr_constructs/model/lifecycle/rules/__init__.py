"""What one rule says: its words, its tags and patterns, and what ECR allows of them."""
