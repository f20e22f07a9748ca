// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl optimize`: merges all segments into one.
enum OptimizeCommand {
  static let command = Command(
    name: "optimize", summary: "merge all segments into one, for the fastest searches",
    operand: .nothing, options: [Options.index, Options.wait],
    discussion: [
      "Deleted documents leave the disk, too. The whole index is written anew, beside the old one,"
        + " so there must be room for both."
    ], examples: [.init(line: "searchctl optimize", summary: "after the last big change")]
  ) { arguments, console in
    let location = try IndexLocation(arguments)
    let index = try OpenIndex.index(at: location)
    let before = try index.statistics()
    let writer = try OpenIndex.writer(
      of: index, waitingUpTo: OpenIndex.patience(arguments))
    defer { writer.close() }
    try writer.optimize()
    try writer.commit()
    let after = try index.statistics()
    console.note(
      "\(NumberText.count(before.segmentCount, "segment")) merged into \(after.segmentCount),"
        + " \(NumberText.size(UInt64(before.sizeInBytes))) into"
        + " \(NumberText.size(UInt64(after.sizeInBytes)))")
    return .success
  }
}
