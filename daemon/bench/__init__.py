"""The kiosk on simulated devices: its own process, never inside the daemon."""
