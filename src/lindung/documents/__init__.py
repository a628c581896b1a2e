"""Files kept as they came: sealed, hashed, never changed."""
