// SPDX-License-Identifier: Apache-2.0

/// The first message of a file in the Common Index File Format, by which research engines exchange
/// inverted indexes (Lin et al., "Supporting Interoperability Between Open-Source Search Engines
/// with the Common Index File Format", SIGIR 2020, arXiv 2003.08276).
///
/// The file is a sequence of Protocol Buffers messages, each after a varint of its length: this
/// header, the posting lists, the documents.
public struct CIFFHeader: Sendable, Hashable {
  /// The version of the format, 1.
  public internal(set) var version = 1
  /// The number of posting lists in the file.
  public internal(set) var postingListCount = 0
  /// The number of documents in the file.
  public internal(set) var documentCount = 0
  /// The number of posting lists of the collection that the file was taken from.
  public internal(set) var totalPostingListCount = 0
  /// The number of documents of that collection.
  public internal(set) var totalDocumentCount = 0
  /// The number of tokens of that collection.
  public internal(set) var totalTermCount = 0
  /// The average length of its documents in tokens.
  public internal(set) var averageDocumentLength = 0.0
  /// What the file holds and who made it.
  public internal(set) var description = ""
  /// The analyzer that made the terms, as in `persian/1-8f3a12c4`; empty where the file does not tell,
  /// as those of other programs.
  public internal(set) var analyzer = ""
  // What the index stored as the settings of that analyzer.
  var analyzerSettings: [UInt8] = []
  // What ranking takes for the sum of the lengths; 0 where it is the number of tokens. A gap between
  // the values of a field counts as tokens, and a merge knows the lengths of what it drops roughly.
  var totalLength = 0

  var message: ProtocolBuffer.Message {
    var message = ProtocolBuffer.Message()
    message.set(1, version)
    message.set(2, postingListCount)
    message.set(3, documentCount)
    message.set(4, totalPostingListCount)
    message.set(5, totalDocumentCount)
    message.set(6, totalTermCount)
    message.set(7, averageDocumentLength)
    message.set(8, description.utf8)
    message.set(CIFFExtension.totalLength, totalLength)
    message.set(CIFFExtension.analyzer, analyzer.utf8)
    message.set(CIFFExtension.analyzerSettings, analyzerSettings)
    return message
  }

  init() {}

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(IndexError) {
    var reader = ByteReader(bytes, path: path)
    version = 0
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .number(let number)): version = Int(truncatingIfNeeded: number)
      case (2, .number(let number)): postingListCount = Int(truncatingIfNeeded: number)
      case (3, .number(let number)): documentCount = Int(truncatingIfNeeded: number)
      case (4, .number(let number)): totalPostingListCount = Int(truncatingIfNeeded: number)
      case (5, .number(let number)): totalDocumentCount = Int(truncatingIfNeeded: number)
      case (6, .number(let number)): totalTermCount = Int(truncatingIfNeeded: number)
      case (7, .double(let number)): averageDocumentLength = number
      case (8, .bytes(let text)): description = String(decoding: text, as: UTF8.self)
      case (CIFFExtension.totalLength, .number(let number)):
        totalLength = Int(truncatingIfNeeded: number)
      case (CIFFExtension.analyzer, .bytes(let text)):
        analyzer = String(decoding: text, as: UTF8.self)
      case (CIFFExtension.analyzerSettings, .bytes(let bytes)): analyzerSettings = Array(bytes)
      default: break
      }
    }
    guard version == 1 else {
      throw reader.corrupt("version \(version) of CIFF cannot be read, only version 1")
    }
    guard postingListCount >= 0, documentCount >= 0, totalTermCount >= 0, totalLength >= 0
    else {
      throw reader.corrupt("the counts of the CIFF header are impossible")
    }
    // It becomes part of errors, which are one line.
    guard analyzer.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw reader.corrupt("the analyzer of the CIFF header has no name of an analyzer")
    }
  }
}
