"""Tests that kill: the process that enrols, and the database server under it."""
