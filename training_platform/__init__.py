"""Composition: settings, addresses, Celery, WSGI. No domain."""

__version__ = "0.1.0"
