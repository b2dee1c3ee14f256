// The schema registry: schemas with versions, what events look like, and code of them.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  ConflictException,
  ForbiddenException,
  NotFoundException,
  paginateListSchemaVersions,
  Schemas,
  waitUntilCodeBindingExists,
} from "@aws-sdk/client-schemas";
import { unzipSync } from "fflate";
import ts from "typescript-3";
import { expect } from "vitest";
import { newName, test as plain } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { refusal } from "../../scenario/steps";

const schemas = new Schemas(settings());

/** A schema with names that are no identifiers. */
const ODD = await readFile(new URL("../../../../src/services/schemas/bindings/testing.json", import.meta.url), "utf8");

const test = plain.extend<{ registry: string; folder: string }>({
  registry: async ({}, use) => {
    const RegistryName = newName();
    await schemas.createRegistry({ RegistryName, Description: "é", Tags: { k: "v" } });
    await use(RegistryName);
    await schemas.deleteRegistry({ RegistryName });
  },
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "compat-"));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

test("a schema has versions", async ({ registry }) => {
  const named = { RegistryName: registry, SchemaName: "shop.orders@OrderPlaced" };
  const created = await schemas.createSchema({ ...named, Type: "OpenApi3", Content: ODD });
  expect([created.SchemaVersion, created.VersionCreatedDate instanceof Date]).toEqual(["1", true]);
  const more = JSON.stringify({ ...JSON.parse(ODD), "x-more": 1 });
  expect((await schemas.updateSchema({ ...named, Content: more })).SchemaVersion).toBe("2");
  expect((await schemas.describeSchema({ ...named, SchemaVersion: "1" })).Content).toBe(ODD);
  const versions = [];
  for await (const page of paginateListSchemaVersions({ client: schemas, pageSize: 1 }, named)) {
    versions.push(page.SchemaVersions!.map((version) => version.SchemaVersion));
  }
  expect(versions.slice(0, 2)).toEqual([["1"], ["2"]]);
  const found = await schemas.searchSchemas({ RegistryName: registry, Keywords: "x-more" });
  expect(found.Schemas!.map((schema) => schema.SchemaName)).toEqual([named.SchemaName]);
});

test("the schema of events is discovered", async () => {
  const event = { source: "shop", "detail-type": "Order Placed", detail: { id: "A-1", total: 9.5 } };
  const { Content } = await schemas.getDiscoveredSchema({ Events: [JSON.stringify(event)], Type: "OpenApi3" });
  expect(JSON.parse(Content!).components.schemas.OrderPlaced.properties).toMatchObject({
    id: { type: "string" },
    total: { type: "number" },
  });
});

test("refusals are the SDK's classes", async ({ registry }) => {
  const twice = await refusal(schemas.createRegistry({ RegistryName: registry }));
  expect(twice).toBeInstanceOf(ConflictException);
  expect(twice.message).not.toBe("");
  expect(twice.$metadata.httpStatusCode).toBe(409);
  const absent = await refusal(schemas.describeSchema({ RegistryName: registry, SchemaName: "absent" }));
  expect(absent).toBeInstanceOf(NotFoundException);
  expect(await refusal(schemas.deleteRegistry({ RegistryName: "aws.events" }))).toBeInstanceOf(ForbiddenException);
});

for (const name of ["shop.orders@Order-Placed", "class", "1st"]) {
  test(`code bindings of ${name} compile`, async ({ registry, folder }) => {
    const named = { RegistryName: registry, SchemaName: name, Language: "TypeScript3" };
    await schemas.createSchema({ ...named, Type: "OpenApi3", Content: ODD });
    await schemas.putCodeBinding(named);
    await waitUntilCodeBindingExists({ client: schemas, maxWaitTime: 30 }, named);
    const { Body } = await schemas.getCodeBindingSource(named);
    const files = [];
    for (const [path, text] of Object.entries(unzipSync(Body!))) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      files.push(file);
    }
    expect(files.length).toBeGreaterThan(0);
    expect(mistakes(files)).toEqual([]);
  });
}

/** What the compiler says of these files, which need no library. */
function mistakes(files: string[]): string[] {
  const program = ts.createProgram(files, { strict: true, noEmit: true, noLib: true, types: [] });
  const said = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()];
  return said.map((mistake) => ts.flattenDiagnosticMessageText(mistake.messageText, "\n"));
}
