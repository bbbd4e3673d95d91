"""Pull-through cache rules: upstream registries, credentials, roles and the first pull."""
