"""The steps from one schema of the registry to the next, for Alembic. Never change one that was released."""
