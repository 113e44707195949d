from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Commands for whoever runs the platform. No models and no pages."""

    name = "keeping"
