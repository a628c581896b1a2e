"""The pages people open in a browser: each view parses, makes one call and answers."""
