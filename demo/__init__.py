"""The demo: `app.py` deployed for real to an embedded AWS, and every promise of it observed.

A development tool beside the library, started by `scripts/demo`; the wheel does not hold it.
"""
