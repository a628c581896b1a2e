"""Lindung: employment social security that local governments pay for, from the signed paper to the exact amount."""

__version__ = "0.1.0"
