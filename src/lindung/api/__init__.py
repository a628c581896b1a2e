"""The door for other systems: typed endpoints under /api/v1/, each one call into a room."""
