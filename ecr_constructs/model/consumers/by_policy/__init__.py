"""Services that pull by the policy of the repository."""
