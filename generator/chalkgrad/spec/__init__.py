"""The data model of a spec file, reading it, and the sole judge of what a user wrote."""
