"""The bench in a browser: the kiosk's screen and its devices, worked by hand."""
