// swift-tools-version: 6.2
// Programs that measure PersianIndex. Users of the library never build this package.
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "PersianIndex", path: "..")],
  targets: [
    .executableTarget(
      name: "peer",
      dependencies: [.product(name: "PersianIndex", package: "PersianIndex")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
