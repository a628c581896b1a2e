"""Tests of Django's settings."""
