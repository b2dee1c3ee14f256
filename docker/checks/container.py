"""A container without Docker: the binary alone in a root that nobody can write to, as the image's user with the image's
environment, as process 1. Only /proc, /dev and /etc/hosts, which Docker adds, are missing: nothing may need them."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import documents

# Docker's additions to every container's environment.
_DOCKERS = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "HOSTNAME": "topiq"}
_PATIENCE_SECONDS = 60


class Container:
    """The image, ready to run; used by `with`, which ends its remaining processes."""

    def __init__(self, image, binary, folder, emulator=None, volumes=None):
        """`emulator` is a static binary that runs another architecture's; `volumes` are files here by their paths there."""
        self._image = image
        self._words = []
        self._processes = []
        self.root = folder / "root"
        self.root.mkdir(parents=True)
        _add(binary, self.root / image.entrypoint[0].lstrip("/"))
        if emulator:
            _add(emulator, self.root / "emulator")
            self._words = ["/emulator"]
        for path, source in (volumes or {}).items():
            _add(source, self.root / path.lstrip("/"))
        self._volume = self.root / documents.CA.lstrip("/")
        self._volume.mkdir()
        self._content = sorted(self.root.rglob("*"))

    def __enter__(self):
        subprocess.run(["mount", "--bind", self.root, self.root], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.root], check=True)
        return self

    def mount_volume(self):
        """A new volume over the image's folder for one, owned by the user like that folder. Returns its path here."""
        user, group = self._image.user.split(":")
        options = f"uid={user},gid={group}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self._volume], check=True)
        return self._volume

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
        subprocess.run(["umount", "--recursive", self.root], check=True)

    def run(self, words):
        """Runs a command in the root, as HEALTHCHECK and `docker exec` do, to its end."""
        return subprocess.run(
            self._chroot(words), env=self._environment({}), capture_output=True, text=True, timeout=_PATIENCE_SECONDS
        )

    def start(self, variables=None, words=()):
        """Does what `docker run` does with these variables and arguments."""
        process = Process(self._chroot([*self._image.entrypoint, *words]), self._environment(variables or {}))
        self._processes.append(process)
        return process

    def check_untouched(self):
        assert sorted(self.root.rglob("*")) == self._content, f"the root has changed: {self._content}"

    def _chroot(self, words):
        user = self._image.user
        return [_path("chroot"), f"--userspec={user}", "--groups=", self.root, *self._words, *words]

    def _environment(self, variables):
        return {**_DOCKERS, **self._image.environment, **variables}


class Process:
    """The image's process, from its start."""

    def __init__(self, command, environment):
        started = time.monotonic()
        isolate = [_path("unshare"), "--pid", "--fork"]
        self._unshare = subprocess.Popen(
            [*isolate, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._wait_for("Ready.")
        self.start_seconds = time.monotonic() - started

    def stop(self):
        """Sends SIGTERM to process 1. Returns how long it took to end, and its exit code."""
        started = time.monotonic()
        os.kill(self._process(), signal.SIGTERM)
        code = self._unshare.wait(timeout=_PATIENCE_SECONDS)
        return time.monotonic() - started, code

    def kill(self):
        if self._unshare.poll() is None:
            os.kill(self._process(), signal.SIGKILL)
            self._unshare.wait()

    def _wait_for(self, end):
        lines = []
        for line in self._unshare.stdout:
            lines.append(line)
            if line.rstrip().endswith(end):
                return
        raise AssertionError(f"topiq did not start: {''.join(lines)}")

    def _process(self):
        """The child of `unshare`: the new process 1, by its number here."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name, which may contain anything: state, parent.
                parent = stat.read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == self._unshare.pid:
                return int(stat.parent.name)
        raise AssertionError("process 1 is gone")


def _add(source, path):
    shutil.copy(source, path)
    path.chmod(0o755)


def _path(command):
    return shutil.which(command)
