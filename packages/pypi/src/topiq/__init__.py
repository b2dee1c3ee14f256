"""topiq, a local emulator of Amazon SQS and SNS, for tests.

    with topiq.start() as server:
        sqs = server.client("sqs")

With pytest, the fixture `topiq` starts a server for each test that asks for it.
"""

from topiq._server import Server, executable, start

__all__ = ["Server", "executable", "start"]
