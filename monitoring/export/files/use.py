"""What is said of a week and its material in each of the three files about use."""

from monitoring.export.columns import Column, integer, text

VERSION = text("app_version", "Version of the platform that recorded it.")


def where() -> list[Column]:
    return [
        integer(
            "edition",
            "Edition of the course.",
            unit="edition number",
            of="session__module__edition__number",
        ),
        integer("week", "Week of the course, from 1.", unit="week", of="session__module__week"),
        text("material", "Key of the material; empty for the week as such.", of="material__key"),
    ]
