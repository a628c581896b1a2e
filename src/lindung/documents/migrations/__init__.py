"""The table of kept files."""
