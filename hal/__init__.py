"""What a device is, to everybody: contracts, events and fault values. Imports the standard library only."""
