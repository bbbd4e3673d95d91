"""Who asks for what: principals, what is known of them, and the request itself."""
