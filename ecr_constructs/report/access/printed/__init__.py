"""Who can reach what, for a terminal."""
