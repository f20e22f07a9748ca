// SPDX-License-Identifier: Apache-2.0

extension CollectionStatistics {
  /// The statistics as JSON text in one line, without a line feed at its end.
  ///
  ///     {"type":"statistics","formatVersion":1,"analyzer":"persian/1-8f3a12c4","documentCount":2,
  ///      "fields":[{"name":"text","totalLength":9,"terms":{"کتاب":2},"writtenForms":{"کتاب‌ها":1}}]}
  ///
  /// Equal statistics give equal texts. Two such texts are added by adding their numbers, member by
  /// member.
  public var json: String {
    var text = "{\"type\":\"\(Self.type)\",\"formatVersion\":\(Self.formatVersion),\"analyzer\":"
    text += JSONText.quoted(analyzer) + ",\"documentCount\":\(documentCount),\"fields\":["
    for (index, field) in fields.enumerated() {
      text += index == 0 ? "{" : ",{"
      text += "\"name\":" + JSONText.quoted(field.name)
      text += ",\"totalLength\":\(field.totalLength),\"terms\":" + Self.object(field.terms)
      text += ",\"writtenForms\":" + Self.object(field.writtenForms) + "}"
    }
    return text + "]}"
  }

  /// Reads statistics from JSON text.
  ///
  /// - Parameter json: A text as ``json`` gives it; spaces and the order of members do not matter.
  /// - Throws: `.invalidArgument` with the offset in bytes where the text is malformed, lacks a
  ///   member, has an unknown one or one twice, or is of another format version.
  /// - Complexity: O(*n*) in the bytes of the text.
  public init(json: String) throws(IndexError) {
    var scanner = JSONScanner(json)
    var (type, version) = (nil as String?, nil as Int?)
    var (analyzer, documentCount) = (nil as String?, nil as Int?)
    var fields: [Field]?
    try scanner.object { (scanner, name) throws(IndexError) in
      switch name {
      case "type": type = try scanner.string()
      case "formatVersion": version = try scanner.count()
      case "analyzer": analyzer = try scanner.string()
      case "documentCount": documentCount = try scanner.count()
      case "fields":
        var read: [Field] = []
        try scanner.array { (scanner) throws(IndexError) in try read.append(Self.field(&scanner)) }
        fields = read
      default: throw scanner.malformed("unknown member \"\(name)\"")
      }
    }
    try scanner.end()
    guard let type, let version, let analyzer, let documentCount, let fields else {
      throw scanner.malformed("a member is missing")
    }
    try Self.check(type, version)
    self.init(analyzer: analyzer, documentCount: documentCount, fields: fields)
  }

  private static let type = "statistics"

  private static func check(_ type: String, _ version: Int) throws(IndexError) {
    guard type == Self.type else {
      throw IndexError(.invalidArgument, "the JSON text is of type '\(type)', not 'statistics'")
    }
    guard version == formatVersion else {
      throw IndexError(
        .invalidArgument, "statistics of format \(version); this build reads \(formatVersion)")
    }
  }

  private static func field(_ scanner: inout JSONScanner) throws(IndexError) -> Field {
    var (fieldName, length) = (nil as String?, nil as UInt64?)
    var (terms, forms) = (nil as [String: Int]?, nil as [String: Int]?)
    try scanner.object { (scanner, name) throws(IndexError) in
      switch name {
      case "name": fieldName = try scanner.string()
      case "totalLength": length = try scanner.count()
      case "terms": terms = try counts(&scanner)
      case "writtenForms": forms = try counts(&scanner)
      default: throw scanner.malformed("unknown member \"\(name)\"")
      }
    }
    guard let fieldName, let length, let terms, let forms else {
      throw scanner.malformed("a member is missing")
    }
    return Field(name: fieldName, totalLength: length, terms: terms, writtenForms: forms)
  }

  private static func counts(_ scanner: inout JSONScanner) throws(IndexError) -> [String: Int] {
    var counts: [String: Int] = [:]
    try scanner.object { (scanner, term) throws(IndexError) in counts[term] = try scanner.count() }
    return counts
  }

  private static func object(_ counts: [String: Int]) -> String {
    let sorted = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return "{" + sorted.map { JSONText.quoted($0.key) + ":\($0.value)" }.joined(separator: ",")
      + "}"
  }
}

extension CollectionStatistics: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, formatVersion, analyzer, documentCount, fields
  }

  /// Reads statistics from a decoder, from the members that ``json`` has.
  ///
  /// - Parameter decoder: The decoder.
  /// - Throws: What the decoder throws, and ``IndexError`` `.invalidArgument` for another type or
  ///   format version.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    try Self.check(
      members.decode(String.self, forKey: .type), members.decode(Int.self, forKey: .formatVersion))
    self.init(
      analyzer: try members.decode(String.self, forKey: .analyzer),
      documentCount: try members.decode(Int.self, forKey: .documentCount),
      fields: try members.decode([Field].self, forKey: .fields))
  }

  /// Writes the statistics to an encoder, with the members that ``json`` has.
  ///
  /// - Parameter encoder: The encoder.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(Self.type, forKey: .type)
    try members.encode(Self.formatVersion, forKey: .formatVersion)
    try members.encode(analyzer, forKey: .analyzer)
    try members.encode(documentCount, forKey: .documentCount)
    try members.encode(fields, forKey: .fields)
  }
}
