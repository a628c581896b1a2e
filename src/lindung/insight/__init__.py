"""Read-only figures over everything below; every figure names its date."""
