"""Tests the image without Docker: see ../check, which runs this twice.

`main.py build` makes the binaries as the Dockerfile does. `main.py run` runs them as Docker would; it needs a network and
mounts of its own, and both architectures' binaries.
"""

import fcntl
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import binary
import documents
import recipe
import stories
from container import Container

ARCHITECTURES = ["amd64", "arm64"]
EMULATORS = {"x86_64": {"arm64": "qemu-aarch64-static"}, "aarch64": {"amd64": "qemu-x86_64-static"}}

# The number of measured starts.
STARTS = 11
# Docker kills a process that is still running this long after SIGTERM.
STOP_SECONDS = 10

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", recipe.ROOT / "target")).resolve()
OUT = TARGET / "image"


def build():
    image = recipe.read_dockerfile()
    context = TARGET / "image-context"
    recipe.copy_context(context)
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), "RUSTUP_TOOLCHAIN": _toolchain(image.rust)}
    subprocess.run([context / "docker/build", OUT, *ARCHITECTURES], env=environment, check=True)


def _toolchain(version):
    """The toolchain of the Dockerfile's version: the active one, if it has that version."""
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()
    if rustc[1:2] == [version]:
        active = subprocess.run(["rustup", "show", "active-toolchain"], capture_output=True, text=True, check=True)
        return active.stdout.split()[0]
    subprocess.run(["rustup", "toolchain", "install", version, "--profile", "minimal"], check=True)
    return version


def run():
    _start_loopback()
    image = recipe.read_dockerfile()
    with tempfile.TemporaryDirectory(prefix="topiq-image-") as folder:
        os.chmod(folder, 0o755)
        for architecture in ARCHITECTURES:
            _check(image, architecture, Path(folder))


def _start_loopback():
    """Brings up the one interface of a new network."""
    up = struct.pack("16sh", b"lo", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS, with IFF_UP


def _check(image, architecture, folder):
    path = OUT / architecture / "topiq"
    binary.check(path, architecture)
    emulator = EMULATORS[os.uname().machine].get(architecture)
    services = recipe.read_services()
    composed = services["topiq"]
    volumes = recipe.volumes(composed)
    with Container(image, path, folder / architecture, emulator and shutil.which(emulator), volumes) as container:
        help_text = container.run([*image.entrypoint, "--help"]).stdout
        documents.check_image(image, help_text)
        documents.check_compose(services, image, help_text)
        _check_serving(container, image)
        _check_composed(container, image, composed)
        _check_in_cluster(container, image)
        container.check_untouched()
        _check_https(container)
        figures = "emulated" if emulator else _measure(container)
    print(f"{architecture}: {path.stat().st_size} bytes, {figures}", flush=True)


def _check_serving(container, image):
    process = container.start()
    stories.all_of(_endpoint(image))
    health = container.run(image.health)
    assert health.returncode == 0, f"HEALTHCHECK fails: {health}"
    _check_stop(process)
    health = container.run(image.health)
    assert health.returncode == 1, f"HEALTHCHECK does not see that topiq is gone: {health}"


def _check_composed(container, image, service):
    """The compose file's settings work as it states."""
    process = container.start(service["environment"])
    assert stories.queues(_endpoint(image)) == recipe.initial_queues(service)
    _check_stop(process)


def _check_in_cluster(container, image):
    """Kubernetes announces a Service named topiq to every container by a variable with a name of topiq's."""
    process = container.start({"TOPIQ_PORT": f"tcp://10.0.0.11:{image.port}", "TOPIQ_SERVICE_HOST": "10.0.0.11"})
    health = container.run(image.health)
    assert health.returncode == 0, f"TOPIQ_PORT of Kubernetes is taken for a port: {health}"
    _check_stop(process)


def _check_https(container):
    """A client that trusts the authority in the volume can call by HTTPS."""
    volume = container.mount_volume()
    process = container.start({"TOPIQ_TLS_CA_DIR": documents.CA})
    stories.https("https://localhost:4567", volume / "ca.pem")
    _check_stop(process)


def _endpoint(image):
    return f"http://127.0.0.1:{image.port}"


def _check_stop(process):
    seconds, code = process.stop()
    assert code == 0, f"SIGTERM ends topiq with {code}"
    assert seconds < STOP_SECONDS, f"topiq took {seconds:.1f} s to stop"


def _measure(container):
    starts, stops = [], []
    for _ in range(STARTS):
        process = container.start()
        starts.append(process.start_seconds)
        stops.append(process.stop()[0])
    start, stop = (statistics.median(seconds) * 1000 for seconds in (starts, stops))
    return f"Ready. after {start:.0f} ms, gone {stop:.0f} ms after SIGTERM"


if __name__ == "__main__":
    {"build": build, "run": run}[sys.argv[1]]()
