// SPDX-License-Identifier: Apache-2.0

/// Limits that every analyzer of the library keeps.
enum AnalyzerLimits {
  /// The most bytes of one term; longer runs are cut between scalars.
  static let termBytes = 255
}
