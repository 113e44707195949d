"""What the files of a deployment say, and the variables that the platform reads."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def compose(name: str = "docker-compose.yml") -> dict[str, Any]:
    class Loader(yaml.SafeLoader):
        """With Compose's own tag, for what takes the place of another file's."""

    Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))
    return yaml.load((ROOT / name).read_text(), Loader)


def services() -> dict[str, dict[str, Any]]:
    return compose()["services"]


def applications() -> dict[str, dict[str, Any]]:
    """The services that run the platform itself."""
    return {name: each for name, each in services().items() if each.get("image") == "four-weeks"}


def variables_read() -> set[str]:
    """By the settings, out of the environment."""
    called = r'environment\.(?:env\.)?\w+\(\s*"([A-Z_]+)"'
    within = r'(?:ENVIRON\.get|text|_read)\(\s*"([A-Z_]+)"'
    return set(
        re.findall(called, (ROOT / "training_platform/settings.py").read_text())
        + re.findall(within, (ROOT / "training_platform/environment.py").read_text())
    )


def example(*, also_commented: bool = False) -> dict[str, str]:
    """The variables of .env.example; of those, on request, which stand behind a #."""
    lines = re.findall(r"^(#?)([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    return {name: value for mark, name, value in lines if also_commented or not mark}


def instructions(image: str) -> list[tuple[str, str]]:
    """Of one part of the Dockerfile, each with its words in one line."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    parts = re.split(r"^(?=FROM )", text, flags=re.MULTILINE)
    [part] = [each for each in parts if re.match(rf"FROM \S+ AS {image}\n", each)]
    return [(word, rest) for word, rest in re.findall(r"^([A-Z]+) (.+)$", part, re.MULTILINE)]


def left_out_of_images() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
