"""Puts the binary that ../build names into the wheel, and marks the wheel for the binary's platform."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BinaryHook(BuildHookInterface):
    def initialize(self, version, build_data):
        binary = os.environ["TOPIQ_WHEEL_BINARY"]
        build_data["tag"] = f"py3-none-{os.environ['TOPIQ_WHEEL_PLATFORM']}"
        build_data["pure_python"] = False
        build_data["shared_scripts"][binary] = os.path.basename(binary)
