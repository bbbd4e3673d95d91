"""What is wrong with a manifest: each value by itself, and all of them together."""
