"""Who may do what, whose rows they see, and what was done: users, roles, scope, audit, sealing, limits."""
