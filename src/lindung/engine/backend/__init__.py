"""Django's PostgreSQL backend, finding its address in the state folder."""
