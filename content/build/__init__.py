"""Builds a course's speech, slides, captions, recordings and videos from its scripts."""
