import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { safetensors } from "../../../static/js/shared/safetensors.js";
import { squaredError } from "../../../static/js/shared/losses.js";

const file = readFileSync(new URL("../fixtures/squared_error.safetensors", import.meta.url));
const { tensors } = safetensors(new Uint8Array(file).buffer);

test("the squared error is torch's mse_loss", () => {
  const { picture, copy, error } = tensors;
  assert.ok(Math.abs(squaredError(picture.data, copy.data) - error.data[0]) < 1e-7);
});
