"""What a policy does to images: now, as a preview, and over days to come."""
