// SPDX-License-Identifier: Apache-2.0

/// What the process tells its caller; the numbers are documented and never change.
///
/// An interrupted run ends by the signal itself, which a shell reports as 130 (SIGINT) or 143
/// (SIGTERM).
enum ExitStatus: Int32, Sendable {
  /// The command did what it was asked; for a search: there was at least one hit.
  case success = 0
  /// A search found nothing, or a check found problems.
  case none = 1
  /// Something failed: usage, input, the query or the index.
  case failure = 2
  /// Another writer holds the index; trying again later can succeed (`EX_TEMPFAIL`).
  case locked = 75
}
