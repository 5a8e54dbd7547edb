"""The other side of the line: registry, entitlement, layout, seal. Its own process."""
