"""AWS services that use images. One module a service; all have the shape of ``role.py``."""
