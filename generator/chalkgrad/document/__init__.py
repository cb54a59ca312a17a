"""What is said, and in which order: a derivation and a reader's wishes become a document."""
