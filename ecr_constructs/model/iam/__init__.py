"""Policy statements: actions, grants, services, conditions, and what AWS decides by them."""
