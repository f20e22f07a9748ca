// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A thread of the operating system, for work that would hold up Swift's cooperative pool.
///
///     let thread = try Thread(name: "merge") { merge() }
///     thread.join()
///
/// Every thread must be joined once; one that is never joined keeps its stack.
package final class Thread: @unchecked Sendable {
  // Sendable: the handle is constant and the flag is guarded by its mutex.
  private let handle: pthread_t
  private let isJoined = Mutex(false)

  private final class Work {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - name: Shown by debuggers on Apple systems.
  ///   - stackSize: The bytes of its stack.
  ///   - body: What it does.
  /// - Throws: `outOfResources` where the system has no thread left.
  package init(
    name: String, stackSize: Int = 2 << 20, _ body: @escaping @Sendable () -> Void
  ) throws(IndexError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle = pthread_t()
    #endif
    let result = pthread_create(
      &handle, &attributes,
      { context in
        #if canImport(Darwin)
          let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
          pthread_setname_np(work.name)
        #else
          guard let context else { return nil }
          let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        #endif
        work.body()
        return nil
      }, work.toOpaque())
    #if canImport(Darwin)
      guard result == 0, let handle else {
        work.release()
        throw SystemError.error(result, "start a thread", path: nil)
      }
    #else
      guard result == 0 else {
        work.release()
        throw SystemError.error(result, "start a thread", path: nil)
      }
    #endif
    self.handle = handle
  }

  /// Waits until the thread has ended; further calls return at once.
  package func join() {
    isJoined.withLock { joined in
      if !joined { pthread_join(handle, nil) }
      joined = true
    }
  }
}
