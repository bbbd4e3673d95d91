"""What a policy says: its documents, statements, elements and conditions."""
