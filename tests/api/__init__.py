"""Tests of the door for other systems."""
