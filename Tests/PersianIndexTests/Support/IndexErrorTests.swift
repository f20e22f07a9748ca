// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct IndexErrorTests {
  @Test func `describes path, message and offset in one line`() {
    let error = IndexError(.corrupt, "checksum differs", path: "a.index/MANIFEST", offset: 12)
    #expect(error.description == "a.index/MANIFEST: checksum differs (at byte 12)")
    #expect(IndexError(.locked, "in use").description == "in use")
  }
}
