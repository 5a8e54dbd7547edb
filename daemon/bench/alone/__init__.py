"""One virtual device by itself, at an address of one's choice, worked by hand from a terminal."""
