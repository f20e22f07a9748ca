// SPDX-License-Identifier: Apache-2.0

extension Schema {
  /// The schema's bytes as stored in the manifest.
  ///
  ///     Schema --> FieldCount, Field^FieldCount
  ///     Field  --> NameLength, Name, Kind, Flags, Weight
  ///
  /// Counts and lengths are varints, Kind and Flags one byte each (bit 0 of Flags: stored), Weight
  /// the eight bytes of a little-endian IEEE 754 double.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.appendVarint(UInt64(fields.count))
    for field in fields {
      writer.appendLengthPrefixed(Array(field.name.utf8))
      writer.append(field.kind.rawValue)
      writer.append(UInt8(field.isStored ? 1 : 0))
      writer.append(field.weight.bitPattern)
    }
    return writer.bytes
  }

  /// Reads a schema from a manifest's bytes.
  package init(decoding bytes: [UInt8], path: String) throws(IndexError) {
    let result = bytes.withUnsafeBytes { raw -> Result<Schema, IndexError> in
      var reader = ByteReader(raw, path: path)
      do throws(IndexError) {
        let count = try reader.readCount(upTo: Self.maximumFieldCount)
        var fields: [Field] = []
        for _ in 0..<count {
          let name = String(decoding: try reader.readLengthPrefixed(), as: UTF8.self)
          let code = try reader.readUInt8()
          guard let kind = Field.Kind(rawValue: code) else {
            throw reader.corrupt("unknown field kind \(code)")
          }
          let flags = try reader.readUInt8()
          let weight = Double(bitPattern: try reader.readUInt64())
          fields.append(Field(name: name, kind: kind, weight: weight, isStored: flags & 1 != 0))
        }
        return .success(Schema(fields))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
    try validate()
  }
}
