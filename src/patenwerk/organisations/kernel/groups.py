"""How large a group tandem may be at all."""

LARGEST_GROUP = 50
"""A large class with somebody beside it; what is larger is no tandem any more."""
