"""The findings of a check, as people and programs read them."""
