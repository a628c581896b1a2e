"""Who is who: numbers, names, dates and places as offices write them, read without a database or a clock."""
