"""Who tries to break what the rooms promise, a file for each part of the house that has many promises."""
