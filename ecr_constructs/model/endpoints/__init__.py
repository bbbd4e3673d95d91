"""Private subnets: the endpoints that pulls and pushes go through."""
