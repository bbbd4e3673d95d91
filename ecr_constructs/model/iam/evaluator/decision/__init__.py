"""One request decided: the layers of policies, the order of AWS's steps, and the reason."""
