// The package as its users have it: installed from the tarballs.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";
import { writeFile } from "node:fs/promises";

import { startTopiq } from "topiq";

async function health(url) {
  const answer = await fetch(`${url}/health`);
  return (await answer.json()).status;
}

test("a server starts and serves until it is stopped", async () => {
  const topiq = await startTopiq();
  assert.equal(await health(topiq.url), "running");
  assert.equal(topiq.clientConfig.endpoint, topiq.url);
  assert.equal(topiq.env.AWS_ENDPOINT_URL, topiq.url);
  assert.match(await topiq.log(), /Ready\./);
  await topiq.stop();
  await assert.rejects(health(topiq.url));
});

test("a test moves the time", async () => {
  const topiq = await startTopiq();
  const { Now } = await topiq.clock({ freeze: true });
  const later = await topiq.advance("1h");
  assert.equal(Date.parse(later.Now) - Date.parse(Now), 3_600_000);
  assert.equal((await topiq.advance(250)).Frozen, true);
  assert.equal(Date.parse((await topiq.clock()).Now) - Date.parse(Now), 3_600_250);
  await assert.rejects(topiq.clock({ set: "2020-01-01T00:00:00Z" }), /Time moves on only/);
  await topiq.stop();
});

test("an account is forgotten", async () => {
  const topiq = await startTopiq();
  assert.equal(await topiq.forget("111111111111"), undefined);
  await assert.rejects(topiq.forget("12"), /twelve digits/);
  await topiq.stop();
});

test("flags reach the program", async () => {
  await writeFile("infra.yaml", "queues: {orders: }\n");
  const topiq = await startTopiq({ flags: ["--init", "infra.yaml"] });
  const answer = await fetch(topiq.url, { method: "POST", body: new URLSearchParams({ Action: "ListQueues" }) });
  assert.match(await answer.text(), /000000000000\/orders</);
  await topiq.stop();
});

test("a server that does not start says why", async () => {
  await assert.rejects(startTopiq({ flags: ["--init", "/nowhere.yaml"] }), /topiq ended[^]*\/nowhere\.yaml/);
});

test("CommonJS can require it", () => {
  assert.equal(createRequire(import.meta.url)("topiq").startTopiq, startTopiq);
});

test("a server that nobody stops ends with its process, and keeps none alive", async () => {
  const program = 'import { startTopiq } from "topiq"; console.log((await startTopiq()).url);';
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(status, 0);
  await assert.rejects(health(stdout.trim()));
});

test("the command passes signals and the exit code on", async () => {
  const child = spawn("node_modules/.bin/topiq", ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of child.stdout) {
    said += chunk;
    if (said.includes("Ready.")) {
      break;
    }
  }
  const [url] = said.match(/http:\/\/[^) ]+/);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  await assert.rejects(health(url));
  assert.equal(spawnSync("node_modules/.bin/topiq", ["--no-such-flag"]).status, 2);
});
