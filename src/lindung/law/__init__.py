"""What the regulations say, as dated values and formulas: no database, no network, no clock."""
