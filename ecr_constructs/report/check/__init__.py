"""Every rule of ECR on the templates of an app."""
