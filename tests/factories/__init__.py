"""Rows for tests, made the way the rooms make them."""
