// SPDX-License-Identifier: Apache-2.0

/// Turns the stored fields of documents into bytes and back.
///
///     StoredDocument --> (FieldNumber, Type, Value)^*
///
/// FieldNumber is a varint: the field's place in the schema. Type is one byte: 1 a text (varint
/// length, UTF-8), 2 an integer, 3 a number (IEEE 754), 4 an instant in seconds since 1970; the last
/// three have eight bytes, little-endian.
package struct DocumentCoding: Sendable {
  private let schema: Schema

  package init(_ schema: Schema) {
    self.schema = schema
  }

  /// Appends the stored fields of a document that fits the schema.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - textField: The place of a field that `document` does not have; `nil` for none.
  ///   - bytes: The text of that field.
  ///   - writer: Receives the bytes.
  package func encode(
    _ document: Document, field textField: Int?, text bytes: UnsafeRawBufferPointer,
    into writer: inout ByteWriter
  ) {
    for (number, field) in schema.fields.enumerated() where field.isStored {
      if number == textField {
        writer.appendVarint(UInt64(number))
        append(bytes, to: &writer)
        continue
      }
      guard let value = document.fields[field.name] else { continue }
      writer.appendVarint(UInt64(number))
      switch value {
      case .text(let text):
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &writer) }
      case .integer(let value):
        writer.append(UInt8(2))
        writer.append(UInt64(bitPattern: value))
      case .number(let value):
        writer.append(UInt8(3))
        writer.append(value.bitPattern)
      case .date(let instant):
        writer.append(UInt8(4))
        writer.append(UInt64(bitPattern: instant.secondsSince1970))
      }
    }
  }

  private func append(_ text: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    writer.append(UInt8(1))
    writer.appendVarint(UInt64(text.count))
    writer.append(text)
  }

  /// Reads all stored fields.
  package func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(IndexError) -> [String: FieldValue] {
    var reader = ByteReader(bytes, path: path)
    var fields: [String: FieldValue] = [:]
    while reader.remaining > 0 {
      let number = try reader.readCount(upTo: schema.fields.count - 1)
      fields[schema.fields[number].name] = try value(&reader)
    }
    return fields
  }

  private func value(_ reader: inout ByteReader) throws(IndexError) -> FieldValue {
    let type = try reader.readUInt8()
    switch type {
    case 1: return .text(String(decoding: try reader.readLengthPrefixed(), as: UTF8.self))
    case 2: return .integer(Int64(bitPattern: try reader.readUInt64()))
    case 3: return .number(Double(bitPattern: try reader.readUInt64()))
    case 4:
      return .date(Timestamp(secondsSince1970: Int64(bitPattern: try reader.readUInt64())))
    default: throw reader.corrupt("unknown type \(type) of a stored value")
    }
  }
}
