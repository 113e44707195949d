"""A study in numbers."""
