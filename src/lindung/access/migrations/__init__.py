"""The tables and database functions of access, in the order they came."""
