"""Employment injury insurance (JKK): what an accident at work gives, and who decides what it was."""
