// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Writes a stored document for people or for programs.
struct DocumentRenderer {
  let isJSON: Bool

  func write(_ document: Document, to console: Console) throws {
    if isJSON {
      try console.output.writeLine(Self.object(document, type: "document").description)
      return
    }
    let style = console.style
    try console.output.writeLine(style.isolated(Sanitizer.visible(document.key.text)))
    for (name, value) in document.fields.sorted(by: { $0.key < $1.key }) where name != Fields.text {
      let text = Sanitizer.running(value.description)
      try console.output.writeLine("\(Sanitizer.visible(name)): \(style.isolated(text))")
    }
    try console.output.writeLine()
    for line in (document[Fields.text]?.description ?? "").split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    {
      try console.output.writeLine(Sanitizer.withoutControls(String(line)))
    }
  }

  /// The document as it is taken in again by `index`: `id` and the fields by their names.
  ///
  /// `index` joins a list by line feeds, so fields in `lists` are taken apart at them, and joined
  /// to the same again.
  static func object(
    _ document: Document, type: String?, lists: Set<String> = []
  ) -> JSONObject {
    var object = type.map { JSONObject(type: $0) } ?? JSONObject()
    object.set("id", document.key.text)
    for name in [Fields.title, Fields.text] {
      if let value = document[name] { object.set(name, value) }
    }
    for (name, value) in document.fields.sorted(by: { $0.key < $1.key })
    where name != Fields.title && name != Fields.text {
      if lists.contains(name), case .text(let text) = value, text.utf8.contains(0x0A) {
        let values = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        object.set(name, values.map { String(decoding: $0, as: UTF8.self) })
      } else {
        object.set(name, value)
      }
    }
    return object
  }
}
