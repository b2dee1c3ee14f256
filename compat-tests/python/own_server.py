"""A topiq of a test's own: for what would disturb others, such as moving the time or breaking things."""

import json
import os
import re
import subprocess
import threading
import urllib.request

from scenario import PATIENCE_SECONDS

PROGRAM = os.environ.get("COMPAT_PROGRAM")


class Server:
    """A topiq on a port of its own."""

    def __init__(self, *flags):
        settings = {name: value for name, value in os.environ.items() if not name.startswith("TOPIQ_")}
        command = [PROGRAM, "--port", "0", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=settings)
        for line in self.process.stdout:
            if ready := re.search(r"\((http://[^ )]+).*Ready\.", line):
                self.url = ready[1]
                break
        # Nobody reads the rest of the log: it must not fill the pipe.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, method, path, body=None):
        """What topiq's own API answers, as JSON; nothing where the answer is empty."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_topiq/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.loads(answer.read() or "null")

    def clock(self, **change):
        return self.ask("POST", "clock", change) if change else self.ask("GET", "clock")

    def advance(self, duration):
        return self.clock(advance=duration)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)
