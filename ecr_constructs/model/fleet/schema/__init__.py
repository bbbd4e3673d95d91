"""The JSON Schema of the manifest, so that editors complete it and explain each key."""
