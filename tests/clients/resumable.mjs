// A phone that loses its network in the middle of an upload, with tus-js-client as it comes from npm.
//
//     node resumable.mjs URL TOKEN FILE
//
// Prints the id of the media that the file has become. What is not as it should be ends it with exit code 1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const [url, token, path] = process.argv.slice(2);
const contents = readFileSync(path);
const headers = { Authorization: `Bearer ${token}` };
let mediaId = null;

function begin(options) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(contents, {
      endpoint: `${url}/api/v1/media/uploads`,
      headers,
      retryDelays: [100, 300, 1000, 3000, 5000],
      metadata: { filename: "bird.png", filetype: "image/png", description: "A bird" },
      onAfterResponse: (_, response) => (mediaId = response.getHeader("Linnet-Media-Id") ?? mediaId),
      onError: reject,
      onSuccess: () => resolve(upload),
      ...options(() => upload, resolve),
    });
    upload.start();
  });
}

// The first part arrives; then the network goes, without a word.
const half = Math.floor(contents.length / 2);
const broken = await begin((upload, resolve) => ({
  chunkSize: half,
  onChunkComplete: async () => {
    await upload().abort();
    resolve(upload());
  },
}));
assert.ok(broken.url.startsWith(`${url}/api/v1/media/uploads/`));
const asked = await fetch(broken.url, { method: "HEAD", headers: { ...headers, "Tus-Resumable": "1.0.0" } });
const offset = Number(asked.headers.get("Upload-Offset"));
assert.ok(offset >= half && offset < contents.length, `it is at ${offset}`);

// Later it goes on, from where it was.
const sent = [];
await begin(() => ({ uploadUrl: broken.url, onProgress: (bytes) => sent.push(bytes) }));
assert.ok(Math.min(...sent) >= half, "what was there was not sent again");

// One upload is given up.
const given = await begin((upload, resolve) => ({
  chunkSize: half,
  onChunkComplete: async () => {
    await upload().abort(true);
    resolve(upload());
  },
}));
const gone = await fetch(given.url, { method: "HEAD", headers: { ...headers, "Tus-Resumable": "1.0.0" } });
assert.equal(gone.status, 404);
console.log(mediaId);
