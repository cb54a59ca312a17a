"""What a spec can be about: a file a kind, with its keys, its data and its judge."""
