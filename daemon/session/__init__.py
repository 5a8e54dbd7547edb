"""The citizen's session: desk, flow, screens, renderer, till, journal, settlement."""
