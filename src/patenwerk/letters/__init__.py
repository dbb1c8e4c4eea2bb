"""Letters and papers about people and tandems, as tagged PDF."""
