"""What a lifecycle policy does to images, as a picture and as a page."""
