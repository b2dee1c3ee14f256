"use strict";

/** The path of topiq's program: that of the package which npm has installed for this platform. */
exports.executable = function executable() {
  const name = `topiq-${process.platform}-${process.arch}`;
  const file = process.platform === "win32" ? "topiq.exe" : "topiq";
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch (error) {
    throw new Error(
      `topiq: the package ${name} is not installed. Either topiq has no program for this platform, or npm left out ` +
        "optional dependencies (--omit=optional), or the lock file was made on another platform.",
      { cause: error },
    );
  }
};
