// The puzzle of the sign-up form, solved while the person fills it in: ALTCHA, version 2, PBKDF2/SHA-256.
// The form's field "altcha" has the puzzle in data-puzzle, and gets the answer.
"use strict";

const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derived(parameters, counter) {
  const nonce = unhex(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter); // big-endian
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const work = { name: "PBKDF2", hash: "SHA-256", salt: unhex(parameters.salt), iterations: parameters.cost };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(work, key, parameters.keyLength * 8)));
}

async function solved(puzzle) {
  for (let counter = 0; ; counter += 1) {
    const derivedKey = await derived(puzzle.parameters, counter);
    if (derivedKey.startsWith(puzzle.parameters.keyPrefix)) {
      return btoa(JSON.stringify({ challenge: puzzle, solution: { counter, derivedKey } }));
    }
  }
}

async function begin(field) {
  const state = document.getElementById("puzzle-state");
  if (!globalThis.crypto?.subtle) {
    state.textContent = state.dataset.impossible;
    return;
  }
  state.textContent = state.dataset.working;
  const answer = solved(JSON.parse(field.dataset.puzzle));
  field.form.addEventListener("submit", async (event) => {
    if (field.value) {
      return;
    }
    event.preventDefault(); // the answer is not there yet: send the form as soon as it is
    await answer;
    field.form.requestSubmit();
  });
  field.value = await answer;
  state.textContent = state.dataset.done;
}

document.querySelectorAll("input[data-puzzle]").forEach(begin);
