// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// An error as the user reads it: what failed and why in one line, what to do in another.
struct Failure: Error {
  /// What failed, where and why.
  let message: String
  /// What to do about it; `nil` where the message says all there is.
  let hint: String?
  /// The status the process ends with.
  let status: ExitStatus

  init(_ message: String, hint: String? = nil, status: ExitStatus = .failure) {
    self.message = message
    self.hint = hint
    self.status = status
  }

  /// Says an error of the library in the tool's words.
  init(_ error: IndexError) {
    switch error.code {
    case .locked:
      self.init(
        error.description, hint: "try again when the other writer is done", status: .locked)
    case .notFound:
      self.init(error.description, hint: "create an index with `searchctl index PATH`")
    case .corrupt:
      self.init(
        error.description,
        hint: "see what is damaged with `searchctl verify`; `searchctl recover` restores the rest,"
          + " `searchctl index --rebuild PATH` begins anew")
    case .formatTooNew:
      self.init(error.description, hint: "use a newer searchctl, or index the files anew")
    case .formatTooOld:
      self.init(
        error.description, hint: "index the files anew with `searchctl index --rebuild PATH`")
    default:
      self.init(error.description)
    }
  }
}

/// The reader of standard output went away; the command stops and the process ends with 0.
struct ClosedPipe: Error {}

/// The user interrupted the command; the process ends by the signal it received.
struct Interrupted: Error {}
