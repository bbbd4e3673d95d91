"""Every principal against every repository, at the levels people speak of."""
