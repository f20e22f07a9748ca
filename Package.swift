// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "PersianIndex",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "PersianIndex", targets: ["PersianIndex"]),
    .executable(name: "searchctl", targets: ["searchctl"]),
  ],
  targets: [
    .target(name: "PersianIndex", swiftSettings: settings),
    .executableTarget(
      name: "searchctl", dependencies: ["PersianIndex"], swiftSettings: settings),
    .target(
      name: "PersianIndexTestSupport", dependencies: ["PersianIndex"],
      path: "Tests/PersianIndexTestSupport", swiftSettings: settings),
    .testTarget(
      name: "PersianIndexTests", dependencies: ["PersianIndex", "PersianIndexTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SearchCtlTests", dependencies: ["searchctl", "PersianIndexTestSupport"],
      exclude: ["Snapshots"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
