"""What the templates of an app set in which registry, and what it means for a repository name."""
