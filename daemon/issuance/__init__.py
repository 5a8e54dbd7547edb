"""What the kiosk and the center share: profile, calendar, messages, seal and the checks before money."""
