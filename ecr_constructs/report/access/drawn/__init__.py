"""Who can reach what, as a picture and as a page."""
