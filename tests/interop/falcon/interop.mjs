// usage: node interop.mjs PEER
// Runs FALCON-1024 of two npm packages against this project's, which the program PEER speaks for: keys and signatures go both ways, in
// both forms, and what was tampered with is refused on both sides.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';

import { falcon1024, falcon1024padded } from '@noble/post-quantum/falcon.js';
import { createFalcon1024, createFalconPadded1024 } from '@oqs/liboqs-js';

const peer = process.argv[2];
const rounds = 5;
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
// Not random: a failure can be repeated.
const derived = (label, length) => new Uint8Array(createHash('shake256', { outputLength: length }).update(label).digest());

/** One command to the peer, one line back. An empty byte string is written as "-". */
function ours(...words) {
  const run = spawnSync(peer, { input: `${words.map((word) => word || '-').join(' ')}\n`, encoding: 'utf8' });
  assert.equal(run.status, 0, `the peer failed at "${words[0]}": ${run.stderr}`);
  return run.stdout.trim();
}

function ourKeys(label) {
  const [publicKey, secretKey] = ours('generate', hex(derived(label, 48))).split(' ').map(bytes);
  return { publicKey, secretKey };
}
const ourSignature = (form, secretKey, message, label) =>
  bytes(ours('sign', form, hex(secretKey), hex(message), hex(derived(label, 8))));
const weAccept = (form, publicKey, message, signature) =>
  ours('verify', form, hex(publicKey), hex(message), hex(signature)) === 'ok';

function flipped(source, bit) {
  const out = Uint8Array.from(source);
  out[bit >> 3] ^= 1 << (bit & 7);
  return out;
}

/** Every way of changing one bit of what a signature depends on, at a few places of each. */
function* tampered({ publicKey, message, signature }) {
  for (const bit of [0, 3, 8, 100, 327, 328, 400, 5000]) {
    yield { what: `signature bit ${bit}`, publicKey, message, signature: flipped(signature, bit) };
  }
  for (const bit of [0, 9, 4000, 14343]) {
    yield { what: `public key bit ${bit}`, publicKey: flipped(publicKey, bit), message, signature };
  }
  if (message.length > 0) yield { what: 'message', publicKey, message: flipped(message, 5), signature };
  yield { what: 'longer message', publicKey, message: Uint8Array.of(...message, 0), signature };
}

const noble = (scheme) => ({
  keys: (label) => scheme.keygen(derived(label, 48)),
  sign: (message, secretKey) => scheme.sign(message, secretKey),
  verify: (message, signature, publicKey) => scheme.verify(signature, message, publicKey),
});
const oqs = (scheme) => ({
  keys: () => scheme.generateKeyPair(),
  sign: (message, secretKey) => scheme.sign(message, secretKey),
  verify: (message, signature, publicKey) => scheme.verify(message, signature, publicKey),
});
/** A refusal may be a thrown error, too. */
function theyAccept(them, { message, signature, publicKey }) {
  try {
    return them.verify(message, signature, publicKey);
  } catch {
    return false;
  }
}

const others = [
  { name: 'noble, compressed', form: 'compressed', them: noble(falcon1024) },
  { name: 'noble, padded', form: 'padded', them: noble(falcon1024padded) },
  { name: 'liboqs, compressed', form: 'compressed', them: oqs(await createFalcon1024()) },
  { name: 'liboqs, padded', form: 'padded', them: oqs(await createFalconPadded1024()) },
];

for (const { name, form, them } of others) {
  let refusals = 0;
  for (let round = 0; round < rounds; ++round) {
    const label = `${name} ${round}`;
    const message = derived(label, round === 0 ? 0 : 17 ** Math.min(round, 3) + round);
    const keyPairs = { theirs: them.keys(label), ours: ourKeys(label) };
    for (const [owner, { publicKey, secretKey }] of Object.entries(keyPairs)) {
      const signatures = {
        theirs: them.sign(message, secretKey),
        ours: ourSignature(form, secretKey, message, label),
      };
      for (const [signer, signature] of Object.entries(signatures)) {
        const where = `${label}: signature of ${signer} by the key of ${owner}`;
        const whole = { publicKey, message, signature };
        assert.ok(weAccept(form, publicKey, message, signature), `${where} is refused here`);
        assert.ok(theyAccept(them, whole), `${where} is refused there`);
        if (round !== 1) continue;
        for (const broken of tampered(whole)) {
          assert.ok(!weAccept(form, broken.publicKey, broken.message, broken.signature), `${where}, ${broken.what}: accepted here`);
          assert.ok(!theyAccept(them, broken), `${where}, ${broken.what}: accepted there`);
          ++refusals;
        }
      }
    }
  }
  console.log(`${name}: ${4 * rounds} signatures accepted and ${refusals} tampered ones refused on both sides`);
}

const seed = derived('the same seed', 48);
assert.equal(hex(falcon1024.keygen(seed).publicKey), hex(ourKeys('the same seed').publicKey), 'one seed gives two keys');
console.log('noble: one seed gives the same key pair');
