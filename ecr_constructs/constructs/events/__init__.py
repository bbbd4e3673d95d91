"""Events of images, and alarms, for those who are to know of them."""
