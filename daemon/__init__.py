"""The kiosk daemon, and in sub-packages of their own the processes around it: center and bench."""
