"""Manifests as text: JSON, YAML and TOML, with the place of everything that is wrong in them."""
