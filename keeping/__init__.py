"""Backups: made whole, restored into an empty place alone; and what came after one, repeated."""
