"""Public repositories, their entry in the gallery, and who pushes to them."""
