"""Append-only book of money: one instruction, one entry, postings that sum to zero."""
