"""What a fleet costs beside its peers: ``python -m bench.fleet``; see README.md."""
