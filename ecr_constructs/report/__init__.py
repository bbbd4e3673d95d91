"""Reads templates, assemblies and policies from files, and says what they mean. No CDK, no Node."""
