"""The private repository: its name, encryption, tag mutability, scan, tags, policy and removal."""
