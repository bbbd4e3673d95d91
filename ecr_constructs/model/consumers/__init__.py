"""AWS services that use images: what each needs, and for whom it may act. One module a service."""
