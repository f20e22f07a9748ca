// SPDX-License-Identifier: Apache-2.0

/// A copy of a list's record, with the bytes behind it that readers of the last list need.
package final class RecordCopy: @unchecked Sendable {
  // Sendable: the bytes do not change.

  /// The record and ``PostingsFormat/padding`` zero bytes.
  let bytes: UnsafeRawBufferPointer

  init(_ record: UnsafeRawBufferPointer) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: record.count + PostingsFormat.padding, alignment: 16)
    copy.copyMemory(from: record)
    copy[record.count...].initializeMemory(as: UInt8.self, repeating: 0)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
