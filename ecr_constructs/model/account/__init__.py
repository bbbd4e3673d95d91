"""Accounts, organizations and Regions: the identifiers around a registry."""
