"""What templates say and how they write numbers, money, dates and links."""
