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
    let members: [JSONValue.Member]
    do throws(JSONParser.Malformed) {
      members = try JSONParser.object(in: json)
    } catch {
      throw IndexError(
        .invalidArgument, "the JSON text is malformed: \(error.reason)",
        offset: UInt64(error.offset))
    }
    let object = try Self.object(
      members, names: ["type", "formatVersion", "analyzer", "documentCount", "fields"])
    guard case .string(let type) = object[0], case .string(let analyzer) = object[2],
      case .array(let fields) = object[4]
    else { throw Self.malformed("a member has a value of another kind") }
    try Self.check(type, Self.count(object[1]))
    var read: [Field] = []
    for field in fields { read.append(try Self.field(field)) }
    self.init(analyzer: analyzer, documentCount: try Self.count(object[3]), fields: read)
  }

  private static func malformed(_ what: String) -> IndexError {
    IndexError(.invalidArgument, "the JSON text is malformed: \(what)")
  }

  /// The values of the members in the order of their names, each of which must be there once.
  private static func object(
    _ members: [JSONValue.Member], names: [String]
  ) throws(IndexError) -> [JSONValue] {
    var values: [String: JSONValue] = [:]
    for member in members {
      guard names.contains(member.name) else {
        throw malformed("unknown member \"\(member.name)\"")
      }
      guard values.updateValue(member.value, forKey: member.name) == nil else {
        throw malformed("\"\(member.name)\" is there twice")
      }
    }
    let found = names.compactMap { values[$0] }
    guard found.count == names.count else { throw malformed("a member is missing") }
    return found
  }

  /// A whole number of 0 or more without sign, fraction or exponent.
  private static func count<Number: FixedWidthInteger>(
    _ value: JSONValue
  ) throws(IndexError) -> Number {
    guard case .number(let digits) = value, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Number(digits)
    else { throw malformed("a whole number was expected, or one is too large") }
    return number
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

  private static func field(_ value: JSONValue) throws(IndexError) -> Field {
    guard case .object(let members) = value else { throw malformed("a field is no object") }
    let object = try object(members, names: ["name", "totalLength", "terms", "writtenForms"])
    guard case .string(let name) = object[0] else { throw malformed("a name is no text") }
    return Field(
      name: name, totalLength: try count(object[1]), terms: try counts(object[2]),
      writtenForms: try counts(object[3]))
  }

  private static func counts(_ value: JSONValue) throws(IndexError) -> [String: Int] {
    guard case .object(let members) = value else { throw malformed("an object was expected") }
    var counts: [String: Int] = [:]
    for member in members {
      guard try counts.updateValue(count(member.value), forKey: member.name) == nil else {
        throw malformed("\"\(member.name)\" is there twice")
      }
    }
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
