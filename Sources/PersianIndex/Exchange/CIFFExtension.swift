// SPDX-License-Identifier: Apache-2.0

/// The fields that this library adds to the messages of a file in the Common Index File Format, so
/// that an index imported again answers all queries as the one that was exported does.
///
/// Readers of Protocol Buffers pass over fields that they do not know: to others the file is any CIFF
/// file.
///
///     message Header {
///       int64 total_length = 1001;            // of which ranking takes the average; 0: as many as tokens
///       string analyzer = 1002;               // what made the terms, as in persian/1-8f3a12c4
///       bytes analyzer_settings = 1003;       // of the analyzer, as the index stores them
///     }
///     message PostingsList {
///       repeated uint32 positions = 1001;     // of each posting tf; the first, then the differences
///       PostingsList otherwise = 1002;        // how often tokens of the term are written otherwise
///       repeated PostingsList forms = 1003;   // the tokens with a written form that is not their term
///     }
///     message DocRecord {
///       sint64 insertion = 1001;              // the place in the order of insertion, less docid
///     }
///
/// ``WrittenFormKeys`` says what the lists of written forms mean. Forms ascend through the whole file;
/// each stands in the first posting list whose term is not below it, those that are left in the last.
enum CIFFExtension {
  static let totalLength: UInt64 = 1001
  static let analyzer: UInt64 = 1002
  static let analyzerSettings: UInt64 = 1003
  static let positions: UInt64 = 1001
  static let otherwise: UInt64 = 1002
  static let forms: UInt64 = 1003
  static let insertion: UInt64 = 1001
}
