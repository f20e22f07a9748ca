// SPDX-License-Identifier: Apache-2.0

@main
enum SearchCtl {
  static func main() {
    print("searchctl")
  }
}
