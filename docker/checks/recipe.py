"""The image's description: the Dockerfile, its context, and the compose file."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Image:
    """The Dockerfile's final stage, and the toolchain of its first."""

    rust: str
    build: str
    base: str
    copies: list
    user: str
    environment: dict
    port: int
    health: list
    entrypoint: list
    labels: dict


def read_dockerfile():
    instructions = list(_instructions((ROOT / "docker/Dockerfile").read_text()))
    first, final = [at for at, (name, _) in enumerate(instructions) if name == "FROM"]
    build, image = instructions[first:final], instructions[final:]

    def every(stage, name):
        return [text for instruction, text in stage if instruction == name]

    def one(stage, name):
        texts = every(stage, name)
        assert len(texts) == 1, f"the Dockerfile has {len(texts)} {name} where one is expected"
        return texts[0]

    health = re.fullmatch(r"(?:--\S+ )*CMD (\[.*\])", one(image, "HEALTHCHECK"))
    assert health, "HEALTHCHECK needs the form CMD [...]: there is no shell in the image"
    return Image(
        rust=re.search(r" rust:([\d.]+)-slim-bookworm AS build$", one(build, "FROM"))[1],
        build=every(build, "RUN")[0].split()[-3:],
        base=one(image, "FROM"),
        copies=every(image, "COPY"),
        user=one(image, "USER"),
        environment=dict(_pairs(one(image, "ENV"))),
        port=int(one(image, "EXPOSE")),
        health=json.loads(health[1]),
        entrypoint=json.loads(one(image, "ENTRYPOINT")),
        labels=dict(_pairs(one(image, "LABEL"))),
    )


def _instructions(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, text = line.split(maxsplit=1)
        yield name, text


def _pairs(text):
    for name, quoted, plain in re.findall(r'([\w.]+)=(?:"([^"]*)"|(\S+))', text):
        yield name, quoted or plain


def copy_context(folder):
    """Makes `folder` what the Dockerfile's COPY sees: the files that .dockerignore, a list of exceptions, lets through."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*" and all(line.startswith("!") for line in lines[1:]), ".dockerignore is no list of what to take"
    shutil.rmtree(folder, ignore_errors=True)
    for line in lines[1:]:
        source, copy = ROOT / line[1:], folder / line[1:]
        copy.parent.mkdir(parents=True, exist_ok=True)
        # With their times, by which cargo detects changes.
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            shutil.copy2(source, copy)


def read_services():
    """The compose file's services."""
    return yaml.safe_load((ROOT / "docker/compose.yaml").read_text())["services"]


def volumes(service):
    """A service's files: the path of each here, by its path in the container."""
    sources = (volume.split(":")[:2] for volume in service["volumes"])
    return {path: ROOT / "docker" / source for source, path in sources}


def initial_queues(service):
    """The names of the queues in the file from which the service starts."""
    path = volumes(service)[service["environment"]["TOPIQ_INIT"]]
    return set(yaml.safe_load(path.read_text())["queues"])
