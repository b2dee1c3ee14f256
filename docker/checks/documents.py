"""Whether the Dockerfile and the compose file are right: checked against the program, not just against each other."""

import re

from recipe import ROOT

# The image's folder for a volume that keeps the authority of topiq's certificates.
CA = "/ca"


def check_image(image, help_text):
    assert image.base == "scratch", image.base
    user, group = map(int, image.user.split(":"))
    assert user > 0 and group > 0, "the image's user must be a number, and not root's"
    assert image.build == ["docker/build", "/out", '"$TARGETARCH"'], "the image's binary is not made by docker/build"
    binary = f"--from=build /out/$TARGETARCH/topiq {image.entrypoint[0]}"
    assert image.copies == [binary, f"--from=build --chown={image.user} {CA} {CA}"], image.copies
    assert image.health[:1] == image.entrypoint, "HEALTHCHECK does not ask the program"
    _check_variables(image.environment, help_text)
    wanted = {"title", "description", "licenses", "version", "revision"}
    named = {name.removeprefix("org.opencontainers.image.") for name in image.labels}
    assert named == wanted, named


def check_compose(services, image, help_text):
    topiq = services["topiq"]
    assert (ROOT / "docker" / topiq["build"]["context"]).resolve() == ROOT
    assert (ROOT / topiq["build"]["dockerfile"]).is_file()
    for port in topiq["ports"]:
        assert int(port.rpartition(":")[2]) == image.port, port
    _check_variables(topiq["environment"], help_text)
    for word in topiq.get("command", []):
        assert not word.startswith("--") or word.split("=")[0] in flags(help_text), word
    # The image has no shell: its program is all that a check can run.
    check = topiq["healthcheck"]["test"]
    assert check == ["CMD", *image.entrypoint, "health"], check
    # Services that wait for it rely on this, and call it by its name and port.
    others = [service for name, service in services.items() if name != "topiq"]
    assert others, "nobody uses topiq"
    for service in others:
        assert service["depends_on"]["topiq"]["condition"] == "service_healthy"
        assert service["environment"]["AWS_ENDPOINT_URL"] == f"http://topiq:{image.port}"


def flags(help_text):
    return set(re.findall(r"--[a-z][a-z-]*", help_text))


def _check_variables(environment, help_text):
    known = set(re.findall(r"\[env: (\w+)", help_text))
    unknown = {name for name in environment if name.startswith("TOPIQ_")} - known
    assert not unknown, f"topiq does not know {unknown}"
