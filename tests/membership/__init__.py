"""Tests of membership: from a list as an office sends it to people who are enrolled."""
