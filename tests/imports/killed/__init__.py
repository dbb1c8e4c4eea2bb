"""A process that does the open jobs of a test's database, to be killed in the middle of it."""
