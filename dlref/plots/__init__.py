"""Drawing. Takes arrays and models, never reads data; every function returns a matplotlib `Figure`."""
