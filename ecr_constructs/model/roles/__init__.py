"""Roles around a repository: the ECS execution role and roles of CI systems."""
