"""The kiosk's face: screens become pictures, in seven languages. Knows their vocabulary, not the session."""
