"""What a deploy of new templates would lose, replace, widen or expire of the old ones."""
