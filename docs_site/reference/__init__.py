"""The reference of Python: read from the source, written with the docstrings that stand there."""
