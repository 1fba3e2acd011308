"""What python3-cbor2 makes of our bytes, and bytes of its own: peer.py OURS THEIRS.

Prints a line for each value of the sequence OURS, then "--", then a line for each value that it writes to THEIRS. The
lines are those of spec/tools/notation.lua. Prints "missing" when the package is not there.
"""

import math
import sys

try:
    import cbor2
except ImportError:
    print("missing")
    sys.exit()


def text_line(text):
    safe = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else "\\x%02x" % byte for byte in text.encode("utf-8"))
    return '"' + "".join(safe) + '"'


def float_line(number):
    if number == 0 and math.copysign(1, number) < 0:
        return "-0"
    if math.isfinite(number) and number == int(number) and -2**64 <= number < 2**64:
        return str(int(number))
    return "%.16e" % number if math.isfinite(number) else str(number)


def line_of(value):
    """What is tagged stands without its tag, as in ours; an empty table of Lua is a list."""
    if isinstance(value, cbor2.CBORTag):
        return line_of(value.value)
    if value is None or value is cbor2.undefined:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_line(value)
    if isinstance(value, str):
        return text_line(value)
    if isinstance(value, bytes):
        return "h'" + value.hex() + "'"
    if isinstance(value, (list, tuple)) or value == {}:
        return "[" + ", ".join(map(line_of, value)) + "]"
    return "{" + ", ".join(sorted(line_of(key) + ": " + line_of(inside) for key, inside in value.items())) + "}"


def read(path):
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        decoder = cbor2.CBORDecoder(file)
        while file.tell() < size:
            print(line_of(decoder.decode()))


class Indefinite:
    """An array, a map or a string whose parts come one after the other."""

    def __init__(self, major, parts, whole):
        self.major, self.parts, self.whole = major, parts, whole


def default(encoder, value):
    encoder.write(bytes([value.major * 32 + 31]))
    for part in value.parts:
        encoder.encode(part)
    encoder.write(b"\xff")


values = [
    0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 2**53, -1, -24, -25, -257, -2**31, -2**53,
    0.0, -0.0, 1.0, 1.5, 0.1, -4.1, 1e300, 5e-324, 2.0**-24, 3 * 2.0**-24, 65504.0, 3.4028234663852886e38,
    math.inf, -math.inf, math.nan, True, False, None, cbor2.undefined,
    "", "IETF", "\x00\x1f\"\\", "ğüşiöç İı", "\U00010151", b"\xff\xfe", b"\x80" * 300, "x" * 70000,
    [], [1, [2, [3, []]]], list(range(300)), {"a": 1, "b": {"c": [True, None]}}, {"z": 1, "aa": 2, "": 3},
    {1: "one", -1: "minus one", False: "false", 1.5: "more"}, {str(number): number for number in range(300)},
    cbor2.CBORTag(0, "2026-02-25T00:00:00Z"), cbor2.CBORTag(32, "https://example.org/"), cbor2.CBORTag(6, [1, 2]),
    cbor2.CBORTag(18, [b"\xff", {}]), cbor2.CBORTag(55799, {"a": cbor2.CBORTag(1, 1.5)}),
    {"enhanced": [5, 7, 26], "code": 550}, {"guess": [4, 2, 2]}, {"enhanced": [5, 7]}, {"enhanced": "5.7"},
    Indefinite(4, [1, "two", [3]], [1, "two", [3]]), Indefinite(5, ["a", 1, "b", 2.5], {"a": 1, "b": 2.5}),
    Indefinite(3, ["stre", "aming"], "streaming"), Indefinite(2, [b"\xff", b"", b"\x01"], b"\xff\x01"),
    Indefinite(4, [], []), Indefinite(5, [], []),
]


def write(path):
    """Each value twice: as it comes, and as the shortest that this library knows."""
    with open(path, "wb") as file:
        for value in values:
            for canonical in False, True:
                if canonical and isinstance(value, Indefinite):
                    continue
                cbor2.dump(value, file, canonical=canonical, default=default)
                print(line_of(value.whole if isinstance(value, Indefinite) else value))


sys.stdout.reconfigure(newline="\n")
read(sys.argv[1])
print("--")
write(sys.argv[2])
