"""Runs every block of topiq's pages as it is printed: run.py --program TOPIQ [page…]

A page is a walk: its blocks are taken in their order, in an empty folder, beside a topiq of its own. What becomes of a
block is seen from its language, and from the line before it:

    a line "`name`:"                the block is written to that file
    "… [text](file):"               the block is a part of that file, which CI runs elsewhere
    sh, or indentation                 it is typed into a shell, bash and then zsh; the session goes on in the next block
    text, json after sh             it is what the block before has printed, with … for anything; other text is none
    python, js                      it is run by itself, without any AWS setting
    yaml, json, toml                it is read by a parser; a compose file is checked

A block that cannot be run here stands in exceptions.toml with its reason, and nowhere else. `topiq` in a page is the
program given; started as a server, it takes the place of the page's. In all texts the ports 4566 and 4567 stand for the
page's own, so that pages run side by side.

Links to other files of the repository must lead somewhere.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import tomllib
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHELLS = {"bash": ["bash", "--norc", "-e", "-o", "pipefail"], "zsh": ["zsh", "-f", "-e", "-o", "pipefail"]}
INTERPRETERS = {"python": "python", "js": "node"}
SUFFIXES = {"python": ".py", "js": ".mjs"}
PARSED = {"yaml", "json", "toml"}
BLOCK_SECONDS = 600
# A toolchain that is not everywhere: a page that needs a missing one is skipped by name, in CI it fails.
TOOLCHAINS = {"docs/java.md": "mvn", "docs/go.md": "go"}


class Wrong(Exception):
    """What is wrong with a page, for people."""


@dataclasses.dataclass
class Block:
    page: str
    line: int
    language: str
    text: str
    file: str | None
    source: str | None = None
    output: "Block | None" = None

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def first(self):
        return self.text.strip().splitlines()[0].strip()


def blocks_of(page, text):
    """All blocks. One by indentation has no language: it is for a shell."""
    blocks, lines = [], text.splitlines()
    at, before, inside_list = 0, "", False
    while at < len(lines):
        line = lines[at]
        fence = re.match(r"( *)```(\S*)$", line)
        if fence:
            end = next((i for i in range(at + 1, len(lines)) if lines[i].strip() == "```"), None)
            if end is None:
                raise Wrong(f"{page}:{at + 1}: the block has no end")
            body = "\n".join(each.removeprefix(fence[1]) for each in lines[at + 1 : end]) + "\n"
            named = re.fullmatch(r"`([\w./-]+)`:", before)
            file = named and named[1]
            linked = re.search(r"\]\(([^)]+)\):$", before)
            block = Block(page, at + 1, fence[2] or "text", body, file, linked and linked[1])
            if blocks and block.language in ("text", "json") and blocks[-1].language == "sh" and not file and not before:
                blocks[-1].output = block
            else:
                blocks.append(block)
            at, before = end + 1, ""
            continue
        if line.startswith("    ") and not inside_list and (at == 0 or not lines[at - 1].strip()):
            end = next((i for i in range(at, len(lines)) if lines[i].strip() and not lines[i].startswith("    ")), len(lines))
            body = textwrap.dedent("\n".join(lines[at:end])).rstrip() + "\n"
            blocks.append(Block(page, at + 1, "sh", body, None))
            at, before = end, ""
            continue
        if line.strip():
            before = line.strip()
            inside_list = bool(re.match(r"( *)([-*]|\d+\.) ", line)) or inside_list and line.startswith(" ")
        at += 1
    return blocks


def check_links(page, text):
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks):
        if re.match(r"[a-z]+:|/", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists():
            raise Wrong(f"{page}: nothing is at {target}")
        if anchor and anchor not in anchors(file.read_text()):
            raise Wrong(f"{page}: there is no heading for {target}")


def anchors(text):
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"`|\[|\]\([^)]*\)", "", heading).lower()).replace(" ", "-") for heading in headings}


class _AnyTag(yaml.SafeLoader):
    """Reads CloudFormation's tags too."""


_AnyTag.add_multi_constructor("!", lambda loader, suffix, node: (suffix, _value(loader, node)))


def _value(loader, node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


def parse(block):
    try:
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        else:
            for document in yaml.load_all(block.text, _AnyTag):
                if isinstance(document, dict) and isinstance(document.get("services"), dict):
                    check_compose(document)
    except (ValueError, yaml.YAMLError, Wrong) as error:
        raise Wrong(f"{block.place}: {error}") from error


def check_source(block):
    """The block's lines stand in the file that is linked before it."""
    lines = (ROOT / block.page).parent.joinpath(block.source).read_text().splitlines()
    wanted = block.text.splitlines()
    for at in range(len(lines)):
        if textwrap.dedent("\n".join(lines[at : at + len(wanted)])).splitlines() == wanted:
            return
    raise Wrong(f"{block.place}: {block.source} has no such lines")


def check_compose(document):
    """What `docker compose config` would refuse: services without an image, names that nothing has."""
    services, volumes = document["services"], document.get("volumes") or {}
    for name, service in services.items():
        if not {"image", "build"} & service.keys():
            raise Wrong(f"the service {name} has neither image nor build")
        for other in service.get("depends_on", ()):
            if other not in services:
                raise Wrong(f"{name} depends on {other}, which is no service")
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if not source.startswith((".", "/", "~", "$")) and source not in volumes:
                raise Wrong(f"{name} mounts the volume {source}, which is not declared")
        for port in service.get("ports", ()):
            if not isinstance(port, str):
                raise Wrong(f"the port {port} of {name} must stand in quotes")


class Walk:
    """One page, in one shell."""

    def __init__(self, page, blocks, shell, program, folder, excepted):
        self.page, self.blocks, self.shell, self.program, self.folder = page, blocks, shell, program, folder
        self.excepted = excepted
        self.port, self.tls_port = free_port(), free_port()
        self.here = folder / "page"
        self.inner = folder / "inner"
        self.here.mkdir(parents=True)
        self.inner.mkdir()
        for module in ("node_modules",):
            (folder / module).symlink_to(HERE / module)

    def prepare(self):
        """What a page takes for granted: for Go, the modules at the versions that CI has."""
        if self.page == "docs/go.md":
            for name in ("go.mod", "go.sum"):
                shutil.copy(ROOT / "compat-tests/go" / name, self.here)

    def text(self, block):
        return block.text.replace("4566", str(self.port)).replace("4567", str(self.tls_port))

    def environment(self):
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TOPIQ_", "COMPAT_"))}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        tools = [self.inner, HERE / ".venv/bin", HERE / "node_modules/.bin"]
        return bare | {
            "PATH": ":".join([*map(str, tools), os.environ["PATH"]]),
            # Toolchains and their caches stay where they are; settings of clients do not.
            "HOME": str(home),
            "CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")),
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
            "GOPATH": os.environ.get("GOPATH", str(Path.home() / "go")),
            "GOCACHE": os.environ.get("GOCACHE", str(Path.home() / ".cache/go-build")),
            "GOTOOLCHAIN": "local",
            "npm_config_cache": os.environ.get("npm_config_cache", str(Path.home() / ".npm")),
            "MAVEN_OPTS": f"-Duser.home={Path.home()} -XX:TieredStopAtLevel=1",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
            "NODE_NO_WARNINGS": "1",
            "DOCS_PROGRAM": str(self.program),
            "DOCS_PORT": str(self.port),
            "DOCS_TLS_PORT": str(self.tls_port),
            "DOCS_INNER": str(self.inner),
            "DOCS_ROOT": str(ROOT),
        }

    def run(self):
        """Returns how many blocks did what they should."""
        shutil.copy(HERE / "topiq", self.inner / "topiq")
        self.prepare()
        script, runs = ['exec 9>"$DOCS_INNER/at"', "topiq"], []
        for number, block in enumerate(self.blocks):
            if id(block) in self.excepted or block.source:
                continue
            if block.file:
                path = self.here / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.exists():
                    # Written when its turn has come: a page may show a file before and after a change.
                    raise Wrong(f"{block.place}: the page has written {block.file} already")
                path.write_text(self.text(block))
                if block.file.endswith(".sh"):
                    path.chmod(0o755)
            elif block.language == "sh":
                (self.inner / f"{number}.sh").write_text(self.text(block))
                script += [f"echo {number} >&9", f'. "$DOCS_INNER/{number}.sh" >"$DOCS_INNER/{number}.out" 2>&1']
                runs.append(block)
            elif block.language in INTERPRETERS:
                program = self.here / f"block-{number}{SUFFIXES[block.language]}"
                program.write_text(self.text(block))
                bare = "env $(env | sed -n 's/^\\(AWS_[A-Z_]*\\)=.*/-u \\1/p' | tr '\\n' ' ')"
                if self.shell == "zsh":
                    bare = bare.replace("$(env", "${=$(env").replace("' ')", "' ')}")
                script += [
                    f"echo {number} >&9",
                    f'{bare} {INTERPRETERS[block.language]} {program} >"$DOCS_INNER/{number}.out" 2>&1',
                ]
                runs.append(block)
        (self.inner / "script").write_text("\n".join(script) + "\n")
        process = subprocess.Popen(
            [*SHELLS[self.shell], str(self.inner / "script")],
            cwd=self.here,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=BLOCK_SECONDS)
        except subprocess.TimeoutExpired:
            said = f"it has not ended after {BLOCK_SECONDS} s"
        finally:
            self.end(process)
        if process.returncode != 0:
            raise Wrong(self.failure(said))
        for number, block in enumerate(self.blocks):
            if block.output and id(block) not in self.excepted:
                self.check_output(block, (self.inner / f"{number}.out").read_text())
        return len(runs)

    def end(self, process):
        """Ends the shell and all that it has started: they are one session, and the server is in it."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def failure(self, said):
        at = (self.inner / "at").read_text().split() if (self.inner / "at").exists() else []
        log = self.inner / "log"
        server = log.read_text() if log.exists() else ""
        if not at:
            return f"{self.page}, {self.shell}: the server does not start: {said}{server}"
        out = self.inner / f"{at[-1]}.out"
        block = self.blocks[int(at[-1])]
        return (
            f"{block.place}, {self.shell}: the block fails:\n{block.text}--- printed:\n"
            f"{out.read_text() if out.exists() else ''}{said}--- topiq's log:\n{server[-3000:]}"
        )

    def check_output(self, block, printed):
        expected = self.text(block.output).strip()
        pieces = [re.escape(piece) for piece in expected.split("…")]
        if not re.fullmatch(r"[\s\S]*?".join(pieces), printed.strip()):
            raise Wrong(f"{block.output.place}, {self.shell}: the block before prints something else:\n{printed}")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def check_shell_text(block):
    """An interactive zsh knows no comments, so a pasted one is an error."""
    for offset, line in enumerate(block.text.splitlines(), 1):
        if re.search(r"(^|\s)#(\s|$)", line):
            raise Wrong(f"{block.page}:{block.line + offset}: a comment cannot be pasted into zsh: say it in the text")


def check(page, program, exceptions, shells):
    """Returns lines about the page, and whether it is good."""
    text = (ROOT / page).read_text()
    lines, started = [], time.monotonic()
    try:
        check_links(page, text)
        blocks = blocks_of(page, text)
        excepted, parsed = set(), 0
        for block in blocks:
            for key in {(page, block.first), (page, "*")} & exceptions.keys():
                exceptions[key] += 1
                excepted.add(id(block))
            if block.language == "sh" and not block.file and id(block) not in excepted:
                check_shell_text(block)
            if block.language in PARSED:
                parse(block)
                parsed += 1
            if block.source:
                check_source(block)
                continue
            if block.language in PARSED | INTERPRETERS.keys() | {"sh", "text"} or block.file or id(block) in excepted:
                continue
            raise Wrong(f"{block.place}: {block.language} is neither run, nor written to a file, nor in exceptions.toml")
        run, walked = 0, [b for b in blocks if id(b) not in excepted and (b.language in INTERPRETERS or b.language == "sh")]
        needed = TOOLCHAINS.get(page)
        if needed and shutil.which(needed) is None:
            if os.environ.get("CI") == "true":
                raise Wrong(f"{page}: {needed} is missing")
            return [f"{page}: skipped: {needed} is missing"], True
        if walked:
            # What a toolchain compiles needs no second shell.
            for shell in list(shells)[:1] if needed else shells:
                with tempfile.TemporaryDirectory(prefix="topiq-docs-") as folder:
                    run += Walk(page, blocks, shell, program, Path(folder), excepted).run()
        seconds = time.monotonic() - started
        lines.append(f"{page}: {len(blocks)} blocks, {run} runs, {parsed} parsed, {len(excepted)} excepted, {seconds:.1f} s")
        return lines, True
    except Wrong as wrong:
        return [str(wrong)], False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("pages", nargs="*")
    arguments = parser.parse_args()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    pages = arguments.pages or [page for page in listed.stdout.split() if page != "CHANGELOG.md"]
    reasons = tomllib.loads((HERE / "exceptions.toml").read_text())
    exceptions = {}
    for page, excuses in reasons.items():
        for first, reason in excuses.items():
            assert reason, f"{page}: {first} has no reason"
            exceptions[page, first] = 0
    shells = [shell for shell in SHELLS if shutil.which(shell)]

    started, failed = time.monotonic(), 0
    # The longest first.
    pages.sort(key=lambda page: (page not in TOOLCHAINS, page != "README.md"))
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        checks = {pool.submit(check, page, arguments.program.resolve(), exceptions, shells): page for page in pages}
        for done in concurrent.futures.as_completed(checks):
            lines, good = done.result()
            failed += not good
            print(*lines, sep="\n", flush=True)
    if not arguments.pages:
        for (page, first), used in exceptions.items():
            if not used:
                failed += 1
                print(f"exceptions.toml: {page} has no block that begins with {first}")
    seconds = time.monotonic() - started
    with open(os.environ.get("COMPAT_RESULTS", "/dev/stdout"), "a") as results:
        print("docs", f"pages, in {' and '.join(shells)}", max(len(pages) - failed, 0), failed, round(seconds), sep="\t", file=results)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
