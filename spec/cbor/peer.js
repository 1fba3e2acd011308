// What node-cbor makes of our bytes, and bytes of its own: peer.js OURS THEIRS. Prints the same as peer.py.
'use strict'
const fs = require('fs')

let cbor
try {
  cbor = require('cbor')
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error
  console.log('missing')
  process.exit()
}

const lines = []

function textLine(text) {
  let line = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const safe = byte >= 32 && byte < 127 && byte !== 0x22 && byte !== 0x5c
    line += safe ? String.fromCharCode(byte) : '\\x' + byte.toString(16).padStart(2, '0')
  }
  return `"${line}"`
}

function numberLine(number) {
  if (Number.isNaN(number)) return 'nan'
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf'
  if (Object.is(number, -0)) return '-0'
  if (Number.isInteger(number) && number >= -(2 ** 64) && number < 2 ** 64) return BigInt(number).toString()
  return number.toExponential(16).replace(/e([+-])(\d)$/, 'e$10$2')
}

// An empty table of Lua is a list.
function mapLine(pairs) {
  const parts = []
  for (const [key, inside] of pairs) parts.push(`${lineOf(key)}: ${lineOf(inside)}`)
  return parts.length === 0 ? '[]' : '{' + parts.sort().join(', ') + '}'
}

// What is tagged stands without its tag, as in ours.
function lineOf(value) {
  if (value === null || value === undefined) return 'null'
  if (value instanceof cbor.Tagged) return lineOf(value.value)
  if (typeof value === 'number') return numberLine(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return textLine(value)
  if (Buffer.isBuffer(value)) return `h'${value.toString('hex')}'`
  if (Array.isArray(value)) return '[' + value.map(lineOf).join(', ') + ']'
  return mapLine(value instanceof Map ? value : Object.entries(value))
}

function read(path) {
  for (const value of cbor.decodeAllSync(fs.readFileSync(path))) lines.push(lineOf(value))
}

const values = [
  0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 2 ** 53, -1, -24, -25, -257, -(2 ** 31), -(2 ** 53),
  -0, 1.5, 0.1, -4.1, 1e300, 5e-324, 2 ** -24, 3 * 2 ** -24, 3.4028234663852886e38, Infinity, -Infinity, NaN,
  true, false, null, undefined, '', 'IETF', '\0\x1f"\\', 'ğüşiöç İı', '\u{10151}', Buffer.from([255, 254]),
  Buffer.alloc(300, 0x80), 'x'.repeat(70000), [], [1, [2, [3, []]]], { a: 1, b: { c: [true, null] } }, { z: 1, aa: 2, '': 3 },
  new Map([[1, 'one'], [-1, 'minus one'], [1.5, 'more']]), new cbor.Tagged(32, 'https://example.org/'),
  new cbor.Tagged(6, [1, 2]), new cbor.Tagged(18, [Buffer.from([255]), {}]), new cbor.Tagged(55799, { a: 1.5 }),
  { enhanced: [5, 7, 26], code: 550 }, { guess: [4, 2, 2] }, { enhanced: [5, 7] }, { enhanced: '5.7' }
]

const chunked = ['streaming in parts', Buffer.from([255, 0, 1, 2, 3, 4, 5, 6, 7]), [1, 'two', [3]], { a: 1, b: 2.5 }, [], {}]

// As they come, as the shortest that this library knows, and some of indefinite length.
function write(path) {
  const parts = []
  const add = (bytes, value) => {
    parts.push(bytes)
    lines.push(lineOf(value))
  }
  for (const value of values) {
    add(cbor.encodeOne(value, { highWaterMark: 1 << 20 }), value)
    add(cbor.encodeOne(value, { highWaterMark: 1 << 20, canonical: true }), value)
  }
  for (const value of chunked) {
    const encoder = new cbor.Encoder()
    cbor.Encoder.encodeIndefinite(encoder, value, { chunkSize: 4 })
    add(encoder.read(), value)
  }
  fs.writeFileSync(path, Buffer.concat(parts))
}

read(process.argv[2])
lines.push('--')
write(process.argv[3])
process.stdout.write(lines.join('\n') + '\n')
