"""The private registry: what holds for all repositories of an account and Region."""
