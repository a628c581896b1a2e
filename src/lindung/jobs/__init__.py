"""The work that nobody waits for: the process that does it, and the calendar of what is done again and again."""
