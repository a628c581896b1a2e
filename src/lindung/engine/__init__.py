"""What the programme stands on: its folder, its keys, its database server, its clock."""
