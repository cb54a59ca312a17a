"""From a document to files: formats, escaping, slots, and the only code that writes to disk."""
