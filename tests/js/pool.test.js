import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pool } from "../../static/js/lib/pool.js";
import { safetensors } from "../../static/js/shared/safetensors.js";

const bytes = await readFile(new URL("fixtures/pooling.safetensors", import.meta.url));
const { x, shrunk, ...wanted } = safetensors(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
).tensors;

for (const [name, { shape, data }] of Object.entries(wanted)) {
  test(`as PyTorch: ${name}`, () => {
    const [kind, size, stride] = name.split(" ");
    const found = pool(x, {
      kind: /** @type {"max" | "average"} */ (kind),
      size: Number(size),
      stride: Number(stride),
    });
    assert.deepEqual(found.shape, shape);
    found.data.forEach((value, i) => assert.ok(Math.abs(value - data[i]) < 1e-6));
  });
}

test("there are eight cases", () => assert.equal(Object.keys(wanted).length + Number(shrunk === undefined), 8));
