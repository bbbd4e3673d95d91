"""The acts of the demo: each asks the cloud and hands the answers to the ledger."""
