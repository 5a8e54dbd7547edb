"""One folder a device: the protocol (pure bytes), the driver (I/O), the virtual device (the other side)."""
