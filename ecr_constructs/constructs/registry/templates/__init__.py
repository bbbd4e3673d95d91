"""Creation templates, and who pushes to what they make."""
