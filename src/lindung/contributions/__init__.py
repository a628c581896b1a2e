"""Bills, payments, paid months, and the cover they give."""
