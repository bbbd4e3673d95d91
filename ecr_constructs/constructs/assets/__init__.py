"""Repositories that cdk bootstrap makes for image assets."""
