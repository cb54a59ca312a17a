"""Networks: quantities tied by ops, in topological order."""
