#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the tables in Arrow's format that the tests of searchctl read.

    python3 Scripts/arrow-fixtures.py > Tests/SearchCtlTests/Support/ArrowFixtures+Data.swift

What the tables mean is written as JSON Lines beside them, by the rules of README and manual and
not by searchctl. Needs PyArrow; the tests were made by version 26.0.1.
"""

import base64
import datetime
import io
import json
import math
import re
import struct

import pyarrow as pa
from pyarrow import feather, ipc

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def stream(schema, batches, options=None):
    sink = io.BytesIO()
    with ipc.new_stream(sink, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue()


def directory(schema, batches, plain):
    """What a file has behind the stream."""
    sink = io.BytesIO()
    with ipc.new_file(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    file = sink.getvalue()
    assert file.startswith(b"ARROW1\0\0" + plain)
    return file[8 + len(plain):]


def one(**columns):
    batch = pa.record_batch(list(columns.values()), list(columns))
    return stream(batch.schema, [batch])


def moment(number, per_second):
    """A time as JSON has it: what cannot be written is left out, and years that would be taken for
    Jalali ones are seconds."""
    if number is None:
        return None
    seconds, fraction = divmod(number, per_second) if per_second else (number * 86400, 0)
    try:
        time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return None
    if time.year < 1700:
        return str(seconds)
    if not per_second:
        return time.strftime("%Y-%m-%d")
    digits = f".{fraction:0{len(str(per_second)) - 1}}" if fraction else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S") + digits + "Z"


def everything():
    columns, meaning = {}, {}

    def add(name, type, values, written=None):
        columns[name] = pa.array(values, type)
        meaning[name] = written or values

    add("id", pa.utf8(), ["آ/1", "b", None, "d\t4", "۵", "ز"])
    add("title", pa.large_utf8(), ['عنوان "یک"', "", None, "می‌روم", "خط\nدوم", "\\"])
    add("text", pa.utf8(), ["کتاب‌ها را می‌خوانم", "", "متن", "«نقل» 'x'", "سلام\u0000", "آخر"])
    for size in 8, 16, 32, 64:
        low, high = -(2 ** (size - 1)), 2 ** (size - 1) - 1
        add(f"i{size}", getattr(pa, f"int{size}")(), [low, high, -1, None, 0, 7])
        add(f"u{size}", getattr(pa, f"uint{size}")(), [2**size - 1, 2 ** (size - 1), 1, None, 0, 7])
    numbers = [0.5, -0.0, math.nan, math.inf, None, 1e16]
    written = [number if number is None or math.isfinite(number) else None for number in numbers]
    add("f32", pa.float32(), numbers[:5] + [0.1], written[:5] + [0.1])
    add("f64", pa.float64(), numbers, written)
    add("flag", pa.bool_(), [True, False, None, False, True, True])
    add("nothing", pa.null(), [None] * 6)
    days = [18584, -1, -98655, 2**31 - 1, None, 0]
    add("d32", pa.date32(), days, [moment(day, None) for day in days])
    milliseconds = [day if day is None else day * 86_400_000 for day in days]
    add("d64", pa.date64(), milliseconds, [moment(number, 1000) for number in milliseconds])
    for unit, per_second in UNITS.items():
        times = [1605695700 * per_second + per_second // 8, -1, -8520336001 * per_second,
                 253402300800 * per_second, None, -62135596801 * per_second]
        if unit == "ns":
            times[2:4] = [-(2**63), 2**63 - 1]
            times[5] = 0
        add(unit, pa.timestamp(unit), times, [moment(time, per_second) for time in times])
    times = [1605695700123, 0, None, None, 1, -1]
    add("zoned", pa.timestamp("ms", "Asia/Tehran"), times, [moment(time, 1000) for time in times])
    fields = [pa.field(name, column.type, metadata={"note": "یک"}) for name, column in columns.items()]
    batch = pa.record_batch(list(columns.values()), schema=pa.schema(fields, {"pandas": "{}"}))
    # The last batch lies within the memory of another, also between two bits of a byte.
    batches = [batch.slice(0, 3), batch.slice(3, 0), batch.slice(3, 3)]
    lines = [
        json.dumps({name: values[row] for name, values in meaning.items() if values[row] is not None},
                   ensure_ascii=False)
        for row in range(6)
    ]
    plain = stream(batch.schema, batches)
    return plain, directory(batch.schema, batches, plain), "\n".join(lines) + "\n"


def small():
    rows = [["متن یک", "متن دو", "متن سه"], [5, None, 7]]
    batch = pa.record_batch([pa.array(rows[0]), pa.array(rows[1], pa.int16())], ["text", "n"])
    batches = [batch.slice(0, 1), batch.slice(1, 2)]
    plain = stream(batch.schema, batches)
    older = ipc.IpcWriteOptions(metadata_version=ipc.MetadataVersion.V4)
    oldest = ipc.IpcWriteOptions(use_legacy_format=True)
    # Where the messages end, the schema's first.
    ends, source = [], io.BytesIO(plain)
    reader = ipc.MessageReader.open_stream(source)
    for _ in range(3):
        reader.read_next_message()
        ends.append(source.tell())
    return {
        "small": plain,
        "smallDirectory": directory(batch.schema, batches, plain),
        "smallOfVersion4": stream(batch.schema, batches, older),
        "smallOfVersion014": stream(batch.schema, batches, oldest),
    }, ends


def interrupted():
    """The parts of a stream of many batches."""
    batch = pa.record_batch([pa.array([f"متن شماره {number}" for number in range(32)])], ["text"])
    empty, filled = stream(batch.schema, []), stream(batch.schema, [batch])
    return empty[:-8], filled[len(empty) - 8:-8]


def bad():
    offsets = struct.pack("<5i", 0, 6, 6, 8, 17)
    text = pa.Array.from_buffers(
        pa.utf8(), 4, [pa.py_buffer(b"\x0d"), pa.py_buffer(offsets), pa.py_buffer("سطر".encode() + b"\xd8\x28" + "چهار!".encode())])
    note = pa.Array.from_buffers(
        pa.utf8(), 4, [None, pa.py_buffer(struct.pack("<5i", 0, 0, 0, 0, 1)), pa.py_buffer(b"\xff")])
    more = pa.record_batch([pa.array(["پنج"]), pa.array(["x"])], ["text", "note"])
    batch = pa.record_batch([text, note], ["text", "note"])
    return stream(batch.schema, [batch, more])


def packed(codec):
    batch = pa.record_batch([pa.array(["متن " * 20])], ["text"])
    return stream(batch.schema, [batch], ipc.IpcWriteOptions(compression=codec))


def member(data, table, number):
    """The places of the entry for a member of a table of FlatBuffers, and of the member."""
    entry = table - struct.unpack_from("<i", data, table)[0] + 4 + 2 * number
    return entry, table + struct.unpack_from("<H", data, entry)[0]


def target(data, place):
    return place + struct.unpack_from("<I", data, place)[0]


def damaged(damage, **columns):
    """A stream whose schema was changed, which PyArrow does not write; nothing else of it is read."""
    data = bytearray(one(**(columns or {"text": pa.array(["متن"])})))
    message = target(data, 8)
    damage(data, message, target(data, member(data, message, 2)[1]))
    return bytes(data)


def future(data, message, schema):
    struct.pack_into("<h", data, member(data, message, 0)[1], 5)


def big_endian(data, message, schema):
    entry, order = member(data, schema, 0)
    assert order == schema, "little-endian is the default"
    # The high half of the distance to the fields is zero and becomes the order, one.
    place = member(data, schema, 1)[1] + 2
    struct.pack_into("<H", data, entry, place - schema)
    struct.pack_into("<H", data, place, 1)


def one_name(data, message, schema):
    fields = target(data, member(data, schema, 1)[1])
    count = struct.unpack_from("<I", data, fields)[0]
    places = [member(data, target(data, fields + 4 + 4 * number), 0)[1] for number in range(count)]
    name = target(data, places[0])
    for place in places:
        struct.pack_into("<I", data, place, name - place)


def feather_of_version_1():
    sink = io.BytesIO()
    feather.write_feather(pa.table({"text": ["متن"]}), sink, version=1)
    return sink.getvalue()


def literal(name, data):
    text = base64.b64encode(data).decode()
    lines = [text[place:place + 92] for place in range(0, len(text), 92)]
    return f'  static let {name} = decoded(\n    """\n    ' + "\n    ".join(lines) + '\n    """)\n'


plain, end, lines = everything()
streams, ends = small()
schema, batch = interrupted()
texts = pa.array(["متن"])
none = pa.RecordBatch.from_struct_array(pa.array([{}, {}], pa.struct([])))
streams = {
    "everything": plain, "everythingDirectory": end, **streams, "longSchema": schema,
    "longBatch": batch, "bad": bad(), "withoutColumns": stream(none.schema, [none]),
    "withoutAnything": stream(none.schema, [none.slice(0, 0)]),
    "withoutValues": one(text=pa.nulls(2)), "packedByLZ4": packed("lz4"),
    "packedByZstandard": packed("zstd"), "bigEndian": damaged(big_endian),
    "future": damaged(future),
    "oneName": damaged(one_name, **{"text" * 99: texts, "a": texts, "b": texts, "c": texts}),
    "featherOfVersion1": feather_of_version_1(), "dictionary": one(text=texts.dictionary_encode()),
    "list": one(text=pa.array([["متن"]])), "textView": one(text=texts.cast(pa.string_view())),
    "binary": one(text=texts.cast(pa.binary())),
    "decimal": one(text=texts, price=pa.array([1]).cast(pa.decimal128(19))),
    "halfFloat": one(text=texts, half=pa.array([1.0]).cast(pa.float16())),
    "time": one(text=texts, hour=pa.array([1], pa.time32("s"))),
    "duration": one(text=texts, span=pa.array([1], pa.duration("s"))),
    "structure": one(text=texts, pair=pa.array([{"a": 1}])),
}
print("// SPDX-License-Identifier: Apache-2.0")
print("// Generated by `python3 Scripts/arrow-fixtures.py`; do not edit.\n")
print("extension ArrowFixtures {")
print(f"  /// Where the messages of the small stream end, the schema's first.\n  static let smallEnds = {ends}\n")
print("\n".join(literal(*item) for item in streams.items()))
print('  static let everythingAsJSON = #"""\n    ' + re.sub("\n(?=.)", "\n    ", lines) + '    """#')
print("}")
