"""Images as `describe-images` prints them, and how one names them."""
