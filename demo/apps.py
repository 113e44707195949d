from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration: invented people, a mailbox to read, one command to start it all."""

    name = "demo"
