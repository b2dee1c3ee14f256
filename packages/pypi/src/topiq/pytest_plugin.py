"""The pytest fixtures `topiq` and `topiq_flags`."""

from __future__ import annotations

import pytest

from topiq import Server, start

# They would take precedence over the credentials that the fixture sets, or be sent along with them.
_UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


@pytest.fixture(scope="session")
def topiq_flags() -> list[str]:
    """The flags that `topiq` starts the server with. Override it in a conftest.py, a module or a class."""
    return []


@pytest.fixture
def topiq(topiq_flags: list[str], monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server for this test alone, on a free port. While it runs, AWS_ENDPOINT_URL and credentials point to it."""
    with start(*topiq_flags) as server:
        for name in _UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """A failed test shows what topiq has logged."""
    report = yield
    server = getattr(item, "funcargs", {}).get("topiq")
    if report.failed and report.when == "call" and isinstance(server, Server):
        report.sections.append(("topiq's log", server.log()))
    return report
