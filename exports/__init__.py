"""What leaves the house: documents that say something, and renderers that print any of them."""
