// SPDX-License-Identifier: Apache-2.0

/// The right to be the only writer of a directory, given back when this is released.
package final class WriterLock: Sendable {
  private let release: @Sendable () -> Void

  package init(release: @escaping @Sendable () -> Void) {
    self.release = release
  }

  deinit {
    release()
  }
}
