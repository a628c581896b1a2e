"""What a person is owed when something happened: our estimate, and BPJS's determination beside it."""
