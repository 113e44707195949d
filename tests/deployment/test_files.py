"""The files that put the platform on a server agree with each other, and with what it reads."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.deployment import files
from tests.deployment.files import ROOT
from tests.deployment.processes import is_left_out

# Read by Docker Compose and by gunicorn, not by the settings.
OF_COMPOSE_ALONE = {
    "COMPOSE_FILE",
    "COMPOSE_PROFILES",
    "COMPOSE_PROJECT_NAME",
    "POSTGRES_PASSWORD",
    "PUBLISH",
    "WEB_CONCURRENCY",
}


def asked_for() -> set[str]:
    """The variables that the compose file fills in."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))


def seconds(period: str) -> int:
    return int(period.removesuffix("s"))


def test_every_variable_that_is_read_is_explained_and_no_other() -> None:
    read = files.variables_read()

    assert len(read) == 15
    assert set(files.example(also_commented=True)) == read | OF_COMPOSE_ALONE


def test_every_variable_stands_in_the_readme() -> None:
    table = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    names = {name for row in table for name in re.findall(r"[A-Z_]+", row)}

    assert names == files.variables_read()


def test_each_variable_of_the_example_has_words_above_it() -> None:
    paragraphs = (ROOT / ".env.example").read_text().split("\n\n")
    settings = [each for each in paragraphs if re.search(r"^#?[A-Z_]+=", each, re.MULTILINE)]

    assert [each for each in settings if not re.match(r"# \S", each)] == []


def test_what_the_compose_file_fills_in_is_explained() -> None:
    assert asked_for() <= set(files.example(also_commented=True))


def test_what_the_compose_file_sets_itself_is_read() -> None:
    for service in files.applications().values():
        assert set(service["environment"]) <= files.variables_read() | {"WEB_CONCURRENCY"}
        assert service["env_file"] == ".env"


def test_the_whole_set_is_there() -> None:
    assert set(files.services()) == {
        *("prepare", "web", "worker", "beat", "proxy", "db", "redis", "mail")
    }
    assert set(files.applications()) == {"prepare", "web", "worker", "beat"}


def test_each_service_that_stays_says_whether_it_is_well_and_has_time_to_end() -> None:
    stay = {name: each for name, each in files.services().items() if name != "prepare"}

    assert [name for name, each in stay.items() if "test" not in each.get("healthcheck", {})] == []
    assert [name for name, each in stay.items() if "stop_grace_period" not in each] == []
    assert [name for name, each in stay.items() if each.get("logging") != {"driver": "local"}] == []
    assert [name for name, each in stay.items() if each.get("restart") != "unless-stopped"] == []


def test_the_web_server_ends_what_is_under_way_before_it_is_killed() -> None:
    settings: dict = {}
    exec((ROOT / "deploy/gunicorn.conf.py").read_text(), settings)

    assert settings["graceful_timeout"] < seconds(files.services()["web"]["stop_grace_period"])
    assert settings["threads"] > 1
    assert settings["control_socket_disable"] is True


def test_nobody_outside_reaches_the_database_or_the_broker() -> None:
    open_to = {name: each["ports"] for name, each in files.services().items() if "ports" in each}

    assert open_to == {
        "proxy": ["${PUBLISH:-127.0.0.1:8080}:80"],
        "mail": ["127.0.0.1:8025:8025"],
    }


def test_volumes_that_are_used_are_declared() -> None:
    named = {
        volume.split(":")[0]
        for service in files.services().values()
        for volume in service.get("volumes", [])
    }
    assert named == set(files.compose()["volumes"])


def test_nginx_may_read_media_and_not_write_them() -> None:
    volumes = {name: each.get("volumes") for name, each in files.services().items()}
    place = files.services()["web"]["environment"]["MEDIA_ROOT"]

    assert volumes["web"] == volumes["worker"] == [f"media:{place}"]
    assert volumes["proxy"] == [f"media:{place}:ro"]


def test_media_lie_where_nginx_and_the_application_both_look() -> None:
    set_here = files.services()["web"]["environment"]
    site = (ROOT / "deploy/nginx/site.conf").read_text()
    location = re.search(r"location (\S+) \{\s+internal;\s+alias (\S+);", site)

    assert location is not None
    assert location.groups() == (set_here["MEDIA_ACCEL"], f"{set_here['MEDIA_ROOT']}/")


def test_with_tls_nginx_takes_the_same_site() -> None:
    proxy = files.compose("docker-compose.https.yml")["services"]["proxy"]

    assert proxy["ports"] == ["80:80", "443:443"]
    for volume in proxy["volumes"]:
        ours, _theirs, mode = volume.split(":")
        assert mode == "ro"
        assert ours.startswith("./deploy/")
    assert (
        "include /etc/nginx/four-weeks/site.conf;" in (ROOT / "deploy/nginx/https.conf").read_text()
    )


def test_the_application_runs_as_nobody_in_particular() -> None:
    said = files.instructions("application")
    words = [word for word, _rest in said]

    assert ("USER", "training") in said
    assert words.index("USER") > max(i for i, word in enumerate(words) if word in {"RUN", "COPY"})


def test_what_runs_as_nobody_can_become_nobody_else() -> None:
    held = {
        name: (each["cap_drop"], each["security_opt"])
        for name, each in files.services().items()
        if "cap_drop" in each or "security_opt" in each
    }
    assert held == dict.fromkeys(files.applications(), (["ALL"], ["no-new-privileges:true"]))


def test_what_has_no_capabilities_asks_for_none() -> None:
    """No port below 1024, no other user, and nothing given back."""
    for service in files.applications().values():
        assert {"user", "privileged", "cap_add"} & set(service) == set()
    settings: dict = {}
    exec((ROOT / "deploy/gunicorn.conf.py").read_text(), settings)
    assert int(settings["bind"].rpartition(":")[2]) >= 1024
    assert {"user", "group"} & set(settings) == set()


def test_the_image_holds_what_the_lock_says_and_the_command_starts_the_web_server() -> None:
    said = files.instructions("application")
    [command] = [rest for word, rest in said if word == "CMD"]

    assert json.loads(command) == ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
    assert any("--require-hashes --requirement requirements/run.lock" in rest for _w, rest in said)
    assert ("COPY", ". .") in said


def test_the_database_can_be_dumped_by_the_image() -> None:
    said = " ".join(rest for _word, rest in files.instructions("application"))
    client = re.search(r"postgresql-client-(\d+)", said)

    assert client is not None
    assert files.services()["db"]["image"] == f"postgres:{client[1]}"


_SECRET = [".env", ".env.bak", "deploy/certificates", "backups", "old.dump", "privkey.pem"]


@pytest.mark.parametrize("name", [*_SECRET, "var", ".git"])
def test_secrets_and_data_get_into_no_image(name: str) -> None:
    assert is_left_out(Path(name), files.left_out_of_images())


def test_the_example_gets_into_git_and_secrets_do_not() -> None:
    paths = [*_SECRET, "deploy/certificates/privkey.key", ".env.example"]
    ended = subprocess.run(
        ["git", "check-ignore", "--no-index", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ".env.example" not in ended.stdout.split()
    assert set(ended.stdout.split()) >= {*_SECRET} - {"deploy/certificates", "backups"}
    assert "deploy/certificates/privkey.key" in ended.stdout.split()


def test_what_a_deployment_does_first_is_plain_shell() -> None:
    read = subprocess.run(
        ["sh", "-n", ROOT / "deploy/prepare"], capture_output=True, text=True, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")
