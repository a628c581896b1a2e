"""Other people's formats: bytes of workbooks and text files to values, and values to files that cannot act."""
