"""Repository creation templates: what ECR gives the repositories that it makes itself."""
