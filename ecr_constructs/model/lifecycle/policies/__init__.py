"""A policy as a document: read, numbered, written, and held against what ECR allows."""
